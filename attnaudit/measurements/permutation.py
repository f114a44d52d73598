"""Does the order of attention matter? Shuffle the weights, watch the output."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy.typing import NDArray
from torch import Tensor

from attnaudit.measurements.rows import exact_row
from attnaudit.measurements.shuffles import every_order, reordered, shuffled_rows
from attnaudit.measurements.token_logits import token_logits
from attnaudit.metrics import permuted_logit, total_variation_distance
from attnaudit.models.protocol import Attended, AttentionModel, Batch
from attnaudit.records import ValueRow

WEIGHTS_AT_ONCE = 2**23
"""Shuffled weights held in memory together; more draws are made in turns."""
ENUMERATED_TOKENS = 5
"""Longest document of which all orders are tried, 120 at most, in place of random ones."""


def permutation(
    model: AttentionModel, batch: Batch, *, site: str, draws: int, seed: int
) -> tuple[ValueRow, ...]:
    """The rows of `permuted_attention_effect` for the documents of a batch.

    Args:
        model: The model.
        batch: Documents.
        site: Attention site.
        draws: Shuffles of each document of more than five tokens, at least 1.
        seed: Seed of the run.

    Returns:
        A row "tvd" of each unit, then three more of each if there is one linear logit.

    Raises:
        InvalidArgumentError: If a document has more tokens than can be shuffled.
    """
    [attended] = model.attend(batch, sites=[site])
    return permuted_attention_effect(attended, draws=draws, seed=seed)


def permuted_attention_effect(attended: Attended, *, draws: int, seed: int) -> tuple[ValueRow, ...]:
    r"""What becomes of the output when the weights change places and all else stays.

    * "tvd" in [0, 1]: the median of the total variation distance from the model's own output. A
      document of at most five tokens is put in each of its orders, so its median is the true one;
      a longer one in `draws` random orders, the given one not excluded. One token has no other
      order and changes by 0.

    Where the output is a function of one logit that is linear in attention, three quantities of
    that logit over *all* orders, in closed form (`permuted_logit`), say what the median is made
    of. They are descriptions without a claim:

    * "logit-mean" and "logit-deviation", in logits: mean and standard deviation.
    * "alignment" in [-1, 1]: the correlation of weights and token logits. The model's own logit is
      alignment times $\sqrt{T - 1}$ deviations from the mean.

    With more classes there are several logits, and with another readout the logit is not linear:
    then there are no such rows.

    Args:
        attended: One batch at one site. All rows of a unit are put in the same order.
        draws: Shuffles of each unit of more than five tokens, at least 1.
        seed: Seed of the run.

    Source:
        Jain & Wallace (2019), section 4.2.1 and algorithm 2, with 100 draws for documents of any
        length.
    """
    medians = median_changes(attended, draws=draws, seed=seed)
    return (
        *(
            exact_row(unit, "tvd", value)
            for unit, value in zip(attended.units, medians, strict=True)
        ),
        *_logit_rows(attended),
    )


def median_changes(attended: Attended, *, draws: int, seed: int) -> list[float]:
    """Median over orders of the total variation distance from each unit's own output, in [0, 1].

    Over all orders of at most five tokens, over `draws` random ones of more.

    Args:
        attended: One batch at one site. All rows of a unit are put in the same order.
        draws: Shuffles of each unit of more than five tokens, at least 1.
        seed: Seed of the run.
    """
    lengths = attended.mask.sum(dim=1)
    medians = np.empty(len(attended.units))
    for length in range(1, ENUMERATED_TOKENS + 1):
        here = (lengths == length).nonzero().squeeze(1)
        if len(here):
            part = _select(attended, here)
            medians[here.cpu().numpy()] = _median(part, _rows_in_every_order(part, length))
    here = (lengths > ENUMERATED_TOKENS).nonzero().squeeze(1)
    if len(here):
        part = _select(attended, here)
        rows = shuffled_rows(
            part, measurement="permutation", draws=draws, seed=seed, at_once=_at_once(part)
        )
        medians[here.cpu().numpy()] = _median(part, rows)
    return [float(median) for median in medians]


def _select(attended: Attended, index: Int[Tensor, " selected"]) -> Attended:
    if len(index) == len(attended.units):
        return attended
    positions = index.tolist()
    return replace(
        attended,
        units=tuple(attended.units[position] for position in positions),
        tokens=tuple(attended.tokens[position] for position in positions),
        mask=attended.mask[index],
        attention=attended.attention[index],
        rows=attended.rows[index],
        probabilities=attended.probabilities[index],
        readout=attended.readout.select(index),
    )


def _at_once(attended: Attended) -> int:
    return max(1, WEIGHTS_AT_ONCE // attended.rows.numel())


def _rows_in_every_order(
    attended: Attended, length: int
) -> Iterator[Float[Tensor, "batch some rows tokens"]]:
    units, width = attended.attention.shape
    orders = every_order(length, width=width).to(attended.attention.device)
    at_once = _at_once(attended)
    for start in range(0, len(orders), at_once):
        some = orders[start : start + at_once].expand(units, -1, -1)
        yield reordered(attended.rows, some)


def _median(
    attended: Attended, alternatives: Iterator[Float[Tensor, "batch some rows tokens"]]
) -> NDArray[np.float64]:
    changes = torch.cat([_changes(attended, rows) for rows in alternatives], dim=1)
    # torch.median would take the lower of the two middle orders.
    medians: NDArray[np.float64] = np.median(changes.double().cpu().numpy(), axis=1)
    return medians


def _changes(
    attended: Attended, rows: Float[Tensor, "batch some rows tokens"]
) -> Float[Tensor, "batch some"]:
    with torch.no_grad():
        probabilities = attended.readout.replace(rows)
    own = attended.probabilities.unsqueeze(1).expand_as(probabilities)
    return total_variation_distance(probabilities, own)


def _logit_rows(attended: Attended) -> Iterator[ValueRow]:
    logits = token_logits(attended.readout)
    if logits is None:
        return
    found = permuted_logit(attended.attention, logits, attended.mask)
    numbers = (found.mean.tolist(), found.deviation.tolist(), found.alignment.tolist())
    for unit, mean, deviation, alignment, cause in zip(
        attended.units, *numbers, found.undefined, strict=True
    ):
        yield exact_row(unit, "logit-mean", mean)
        yield exact_row(unit, "logit-deviation", deviation)
        yield exact_row(unit, "alignment", alignment, undefined=cause)
