"""Does the order of attention matter? Shuffle the weights, watch the output."""

import math
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from attnaudit.measurements.permuted_outputs import PermutedOutputs, permuted_outputs
from attnaudit.measurements.rows import exact_row, rows_beside_null
from attnaudit.measurements.token_logits import token_logits
from attnaudit.metrics import permuted_logit, total_variation_distance
from attnaudit.models.protocol import Attended, AttentionModel, Batch
from attnaudit.records import ValueRow

STARTS = 20
"""Random orders that a null begins from, each of which is shuffled again."""

_ODD_DRAWS = "odd number of draws"


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
        Three rows of each unit, then three more of each if there is one linear logit.

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
    * "tvd-null" in [0, 1]: the same for attention that stood in random places to begin with, on
      average over those places. Any peaked attention over words that differ moves the output when
      it is shuffled, wherever it points; "tvd-above-null" in [-1, 1] is what the given places add.
      A random order put in another random order knows nothing of the first, so the draws serve
      each other: the null is the mean, over the first `STARTS` of them, of the median distance of
      the others. The number of draws must be even: a median of an even number n, the mean of the
      two middle ones, is on average the median of the n - 1 left when one of them is put aside at
      random, because that is one of the two middle ones or the other, as often. With an odd n the
      two medians differ on average even where places mean nothing, so the null is undefined.

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
    every = list(permuted_outputs(attended, draws=draws, seed=seed))
    own = _in_place(attended, every, _median)
    null = _in_place(attended, every, _null)
    return (
        *(
            row
            for unit, value, expected in zip(attended.units, own, null, strict=True)
            for row in rows_beside_null(
                unit,
                "tvd",
                value,
                expected,
                null_undefined=_ODD_DRAWS if math.isnan(expected) else None,
            )
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
    return _in_place(attended, permuted_outputs(attended, draws=draws, seed=seed), _median)


def _in_place(
    attended: Attended,
    parts: Iterable[PermutedOutputs],
    value: Callable[[PermutedOutputs], NDArray[np.float64]],
) -> list[float]:
    values = np.empty(len(attended.units))
    for part in parts:
        values[part.index.cpu().numpy()] = value(part)
    return [float(one) for one in values]


def _median(part: PermutedOutputs) -> NDArray[np.float64]:
    start = part.own.unsqueeze(1).expand_as(part.outputs)
    changes = total_variation_distance(part.outputs, start)
    # torch.median would take the lower of the two middle orders.
    medians: NDArray[np.float64] = np.median(changes.double().cpu().numpy(), axis=1)
    return medians


def _null(part: PermutedOutputs) -> NDArray[np.float64]:
    outputs = part.outputs.double().cpu().numpy()
    orders = outputs.shape[1]
    if orders % 2 and not part.every:
        return np.full(len(outputs), math.nan)
    # All orders of a short document have the one it starts from among them; draws do not.
    starts = range(orders if part.every else min(STARTS, orders))
    total = np.zeros(len(outputs))
    for start in starts:
        others = outputs if part.every else np.delete(outputs, start, axis=1)
        changes = 0.5 * np.abs(others - outputs[:, start : start + 1]).sum(axis=2)
        total += np.median(changes, axis=1)
    return np.minimum(total / len(starts), 1.0)


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
