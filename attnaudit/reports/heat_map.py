"""What a claim found at every layer and head, laid out by both."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from attnaudit.reports.deciding_groups import deciding_groups
from attnaudit.store.run import ClaimRow
from attnaudit.verdicts.groups import OVERALL

FEWEST_HEADS = 2
"""Heads that make a map: of one alone there is nothing to compare."""
MOST_LISTED = 6
"""Layers and heads of a map that a report lists one by one besides."""
BY_GROUPS = "*"
"""Marks an outcome that groups of documents decided alone."""

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
        groups: By site, where all documents together would not have decided as the claim was, the
            groups of documents that did.
    """

    claim: ClaimRow
    every: bool
    heads: Mapping[tuple[int, int], ClaimRow]
    wholes: Mapping[int, ClaimRow]
    groups: Mapping[str, tuple[str, ...]]

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
    groups: dict[tuple[str, str, str], list[ClaimRow]] = {}
    for row in rows:
        site = _SITE.fullmatch(row.site)
        if row.group != OVERALL:
            groups.setdefault((row.model, row.id, row.site), []).append(row)
        elif site is not None:
            key = (row.model, row.id, site["every"] is not None)
            found.setdefault(key, []).append((site, row))
    maps = (_map(cells, every=every, groups=groups) for (_, _, every), cells in found.items())
    return tuple(one for one in maps if len(one.heads) >= FEWEST_HEADS)


def _map(
    cells: Sequence[tuple[re.Match[str], ClaimRow]],
    *,
    every: bool,
    groups: Mapping[tuple[str, str, str], Sequence[ClaimRow]],
) -> HeatMap:
    deciding = {
        row.site: deciding_groups(row, groups.get((row.model, row.id, row.site), ()))
        for _, row in cells
    }
    return HeatMap(
        claim=cells[0][1],
        every=every,
        heads={
            (int(site["layer"]), int(site["head"])): row
            for site, row in cells
            if site["head"] is not None
        },
        wholes={int(site["layer"]): row for site, row in cells if site["head"] is None},
        groups={site: names for site, names in deciding.items() if names},
    )
