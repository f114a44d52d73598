"""What a claim found at every layer and head, laid out by both."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from attnaudit.store.run import ClaimRow
from attnaudit.verdicts.groups import OVERALL

FEWEST_HEADS = 2
"""Heads that make a map: of one alone there is nothing to compare."""
MOST_LISTED = 6
"""Layers and heads of a map that a report lists one by one besides."""

_SITE = re.compile(
    r"layer\.(?P<layer>[0-9]{1,6})(\.head\.(?P<head>[0-9]{1,6}))?(?P<every>\.every)?"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeatMap:
    """One claim about one model at the layers and heads that were audited.

    Attributes:
        claim: One of the rows, for what they have in common.
        every: Whether every position asks, not only those that the classifier reads.
        heads: By layer and head, the row that stands for the claim.
        wholes: By layer, the same of all its heads at once.
    """

    claim: ClaimRow
    every: bool
    heads: Mapping[tuple[int, int], ClaimRow]
    wholes: Mapping[int, ClaimRow]

    @property
    def layers(self) -> tuple[int, ...]:
        """The layers of which anything was audited."""
        return tuple(sorted({layer for layer, _ in self.heads} | {*self.wholes}))

    @property
    def columns(self) -> tuple[int | None, ...]:
        """The heads of which anything was audited, before them None if a whole layer was."""
        heads = sorted({head for _, head in self.heads})
        return (None, *heads) if self.wholes else tuple(heads)

    @property
    def rows(self) -> tuple[ClaimRow, ...]:
        """All rows, in no order."""
        return (*self.heads.values(), *self.wholes.values())

    @property
    def is_sweep(self) -> bool:
        """Whether it shows so many sites that a report lists them nowhere else."""
        return len(self.rows) > MOST_LISTED

    def at(self, layer: int, column: int | None) -> ClaimRow | None:
        """What was found there, None if that was not audited.

        Args:
            layer: Counted from 0.
            column: A head, counted from 0, or None for the whole layer.
        """
        return self.wholes.get(layer) if column is None else self.heads.get((layer, column))


def heat_maps(rows: Sequence[ClaimRow]) -> tuple[HeatMap, ...]:
    """The maps of a run: one for each claim about a model that was asked of several heads.

    Args:
        rows: All rows of a run, in its order, which the maps keep.
    """
    found: dict[tuple[str, str, bool], list[tuple[re.Match[str], ClaimRow]]] = {}
    for row in rows:
        site = _SITE.fullmatch(row.site)
        if site is not None and row.group == OVERALL:
            key = (row.model, row.id, site["every"] is not None)
            found.setdefault(key, []).append((site, row))
    maps = (_map(cells, every=every) for (_, _, every), cells in found.items())
    return tuple(one for one in maps if len(one.heads) >= FEWEST_HEADS)


def _map(cells: Sequence[tuple[re.Match[str], ClaimRow]], *, every: bool) -> HeatMap:
    return HeatMap(
        claim=cells[0][1],
        every=every,
        heads={
            (int(site["layer"]), int(site["head"])): row
            for site, row in cells
            if site["head"] is not None
        },
        wholes={int(site["layer"]): row for site, row in cells if site["head"] is None},
    )
