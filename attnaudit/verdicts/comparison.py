"""Improved, worse, unchanged or inconclusive: one claim about two sets of weights."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from attnaudit.claims import Claim
from attnaudit.records import Measurement
from attnaudit.statistics.checks import check_level
from attnaudit.verdicts.change import Change, ChangeRow
from attnaudit.verdicts.difference import difference_interval
from attnaudit.verdicts.evidence import Evidence, gather_evidence
from attnaudit.verdicts.groups import FEWEST_IN_GROUP, OVERALL, Group, find_groups
from attnaudit.verdicts.pairing import check_paired
from attnaudit.verdicts.statistic import estimate

_WORST_FIRST = (Change.WORSE, Change.INCONCLUSIVE, Change.IMPROVED)


def compare_measurements(
    claim: Claim, old: Measurement, new: Measurement, *, level: float
) -> tuple[ChangeRow, ...]:
    """What the same documents say about a claim before and after.

    A statistic is unchanged if the decision interval of the difference lies within the claim's
    margin on both sides: no significant difference is not enough. Otherwise it has improved or
    got worse if the interval lies wholly on one side of zero, and "better" is the side on which
    the claim lies. A claim without a margin can only improve or get worse.

    A document is in a group if it is there in both measurements: by predicted class or confidence
    it may have moved, and choosing by one model alone would favour that model. Those that moved
    are counted, and part of "overall". A group under 20 documents decides nothing.

    Args:
        claim: What is claimed.
        old: Its quantity before.
        new: The same quantity of the same documents in the same order.
        level: Error probability for each direction of the whole claim; each row gets its share.

    Returns:
        "overall" first, then each group. The order of the documents has no effect.

    Raises:
        InvalidArgumentError: If the two are not paired, are not the claim's quantity, or the level
            is out of range.
        InternalError: If a measurement contradicts itself.

    Source:
        Equivalence within a margin: Schuirmann (1987), two one-sided tests.
    """
    check_level(level)
    check_paired(old, new)
    evidence = gather_evidence(claim, old), gather_evidence(claim, new)
    before = {group.name: group for group in find_groups(claim, old)}
    after = {group.name: group for group in find_groups(claim, new)}
    names = tuple(dict.fromkeys([*before, *after]))
    return tuple(
        _row(
            claim,
            name,
            _members(before.get(name)),
            _members(after.get(name)),
            evidence,
            level=level / len(names),
        )
        for name in names
    )


def combine_changes(rows: Sequence[ChangeRow]) -> Change:
    """What a claim's rows say together: the worst, else any improvement, else unchanged."""
    changes = {row.change for row in rows}
    return next((change for change in _WORST_FIRST if change in changes), Change.UNCHANGED)


def unchanged_rows(rows: Sequence[ChangeRow]) -> tuple[ChangeRow, ...]:
    """The same rows, known to be unchanged without any test."""
    return tuple(replace(row, change=Change.UNCHANGED, reason=None) for row in rows)


def _members(group: Group | None) -> NDArray[np.intp]:
    return np.array([], dtype=np.intp) if group is None else group.index


def _row(
    claim: Claim,
    name: str,
    before: NDArray[np.intp],
    after: NDArray[np.intp],
    evidence: tuple[Evidence, Evidence],
    *,
    level: float,
) -> ChangeRow:
    index = np.intersect1d(before, after)
    old, new = (one.select(index) for one in evidence)
    low, high = difference_interval(claim, old, new, level=level)
    change, reason = _decided(claim, low, high), None
    if not index.size:
        change, reason = Change.INCONCLUSIVE, "no document is in it in both runs"
    elif name != OVERALL and index.size < FEWEST_IN_GROUP:
        change = Change.INCONCLUSIVE
        reason = f"{index.size} documents; a group under {FEWEST_IN_GROUP} decides nothing"
    elif change is Change.INCONCLUSIVE and claim.margin is None:
        reason = "the claim has no margin, so nothing can show that it is unchanged"
    return ChangeRow(
        group=name,
        change=change,
        old=estimate(claim, old),
        new=estimate(claim, new),
        low=low,
        high=high,
        n=index.size,
        moved=np.setxor1d(before, after).size,
        reason=reason,
    )


def _decided(claim: Claim, low: float, high: float) -> Change:
    # A margin says what counts as a change, so a difference that is surely smaller is none.
    if claim.margin is not None and -claim.margin < low and high < claim.margin:
        return Change.UNCHANGED
    above, below = Change.IMPROVED, Change.WORSE
    if claim.direction == "at_most":
        above, below = below, above
    if low > 0:
        return above
    return below if high < 0 else Change.INCONCLUSIVE
