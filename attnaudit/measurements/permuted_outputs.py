"""The output of each unit under its attention in other orders."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float, Int
from torch import Tensor

from attnaudit.measurements.at_once import at_once, parts
from attnaudit.measurements.shuffles import every_order, reordered, shuffled_rows
from attnaudit.models.protocol import Attended

ENUMERATED_TOKENS = 5
"""Longest document of which all orders are tried, 120 at most, in place of random ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PermutedOutputs:
    """Outputs of some units of a batch.

    Attributes:
        index: Which units of the batch.
        own: Probabilities under their own attention.
        outputs: Probabilities under each order.
        every: Whether these are all orders of the unit, or random ones.
    """

    index: Int[Tensor, " some"]
    own: Float[Tensor, "some classes"]
    outputs: Float[Tensor, "some orders classes"]
    every: bool


def permuted_outputs(attended: Attended, *, draws: int, seed: int) -> Iterator[PermutedOutputs]:
    """Every unit once: under all its orders up to five tokens, under random ones beyond.

    Args:
        attended: One batch at one site. All rows of a unit are put in the same order.
        draws: Random orders of each unit of more than five tokens, at least 1.
        seed: Seed of the run.

    Yields:
        Units of like treatment together.

    Raises:
        InvalidArgumentError: If a document has more tokens than can be shuffled.
    """
    lengths = attended.mask.sum(dim=1)
    for length in range(1, ENUMERATED_TOKENS + 1):
        here = (lengths == length).nonzero().squeeze(1)
        if len(here):
            part = _select(attended, here)
            yield _outputs(part, here, _rows_in_every_order(part, length), every=True)
    here = (lengths > ENUMERATED_TOKENS).nonzero().squeeze(1)
    if len(here):
        part = _select(attended, here)
        rows = shuffled_rows(
            part,
            measurement="permutation",
            draws=draws,
            seed=seed,
            at_once=at_once(part.rows.numel()),
        )
        yield _outputs(part, here, rows, every=False)


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
        special_mass=None if attended.special_mass is None else attended.special_mass[index],
    )


def _rows_in_every_order(
    attended: Attended, length: int
) -> Iterator[Float[Tensor, "batch some rows tokens"]]:
    units, width = attended.attention.shape
    orders = every_order(length, width=width).to(attended.attention.device)
    for some in parts(len(orders), size=attended.rows.numel()):
        yield reordered(attended.rows, orders[some].expand(units, -1, -1))


def _outputs(
    attended: Attended,
    index: Int[Tensor, " batch"],
    alternatives: Iterator[Float[Tensor, "batch some rows tokens"]],
    *,
    every: bool,
) -> PermutedOutputs:
    with torch.no_grad():
        outputs = torch.cat([attended.readout.replace(rows) for rows in alternatives], dim=1)
    return PermutedOutputs(index=index, own=attended.probabilities, outputs=outputs, every=every)
