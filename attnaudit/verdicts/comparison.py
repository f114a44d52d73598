"""Improved, worse, unchanged or inconclusive: one claim about two sets of weights."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from attnaudit.claims import Claim
from attnaudit.records import Measurement
from attnaudit.statistics.checks import check_level
from attnaudit.verdicts.change import Change, ChangeRow
from attnaudit.verdicts.difference import difference_interval, known_difference
from attnaudit.verdicts.evidence import Evidence, gather_evidence
from attnaudit.verdicts.groups import FEWEST_IN_GROUP, OVERALL, Group, find_groups
from attnaudit.verdicts.intervals import THESE_DOCUMENTS, draw_of
from attnaudit.verdicts.pairing import check_paired
from attnaudit.verdicts.statistic import estimate


def compare_measurements(
    claim: Claim, old: Measurement, new: Measurement, *, level: float, unpaired: int = 0
) -> tuple[ChangeRow, ...]:
    """What the same documents say about a claim before and after.

    A statistic is unchanged if the decision interval of the difference lies within the claim's
    margin on both sides: no significant difference is not enough. Otherwise it has improved or
    got worse if the interval lies wholly on one side of zero, and "better" is the side on which
    the claim lies. A claim without a margin can only improve or get worse.

    A claim about these documents is decided by the difference itself, where neither run drew a
    sample of them and none is without its pair. Otherwise it is bounded as of documents drawn at
    random, which errs less often in a sample.

    A document is in a group if it is there in both measurements: by predicted class or confidence
    it may have moved, and choosing by one model alone would favour that model. Those that moved
    are counted, and part of "overall". A group under 20 documents, or clusters where documents come
    in clusters, decides nothing.

    Args:
        claim: What is claimed.
        old: Its quantity before.
        new: The same quantity of the same documents in the same order.
        level: Error probability for each direction of the whole claim; each row gets its share.
        unpaired: Documents that were measured before or after, but are not among these.

    Returns:
        "overall" first, then each group. The order of the documents has no effect.

    Raises:
        InvalidArgumentError: If the two are not paired, are not the claim's quantity, or the level
            is out of range.
        InternalError: If a measurement contradicts itself.

    Source:
        Equivalence within a margin: Schuirmann (1987), two one-sided tests. Sampling without
        replacement: values so drawn are negatively associated, Joag-Dev & Proschan (1983).
    """
    check_level(level)
    check_paired(old, new)
    evidence = _in_same_clusters(gather_evidence(claim, old), gather_evidence(claim, new))
    whole = unpaired == 0 and _is_whole(old) and _is_whole(new)
    known = claim.target == THESE_DOCUMENTS and whole
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
            level=None if known else level / len(names),
        )
        for name in names
    )


def _is_whole(measurement: Measurement) -> bool:
    draw = draw_of(measurement)
    return draw.drawn == draw.population


def _in_same_clusters(old: Evidence, new: Evidence) -> tuple[Evidence, Evidence]:
    # What documents belong together is no matter of the model; who names it later knows it better.
    clusters = old.clusters if new.clusters is None else new.clusters
    return replace(old, clusters=clusters), replace(new, clusters=clusters)


def _members(group: Group | None) -> NDArray[np.intp]:
    return np.array([], dtype=np.intp) if group is None else group.index


def _row(
    claim: Claim,
    name: str,
    before: NDArray[np.intp],
    after: NDArray[np.intp],
    evidence: tuple[Evidence, Evidence],
    *,
    level: float | None,
) -> ChangeRow:
    """One row; without a level its documents are all there are."""
    index = np.intersect1d(before, after)
    old, new = (one.select(index) for one in evidence)
    if not index.size:
        width = claim.statistic_range[1] - claim.statistic_range[0]
        low, high = -width, width
    elif level is None:
        low, high = known_difference(claim, old, new)
    else:
        low, high = difference_interval(claim, old, new, level=level)
    change, reason = _decided(claim, low, high), None
    if not index.size:
        change, reason = Change.INCONCLUSIVE, "no document is in it in both runs"
    elif name != OVERALL and new.draws < FEWEST_IN_GROUP:
        units = "documents" if new.clusters is None else "clusters"
        change = Change.INCONCLUSIVE
        reason = f"{new.draws} {units}; a group under {FEWEST_IN_GROUP} decides nothing"
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
    if low == high == 0:
        return Change.UNCHANGED
    # A margin says what counts as a change, so a difference that is surely smaller is none.
    if claim.margin is not None and -claim.margin < low and high < claim.margin:
        return Change.UNCHANGED
    above, below = Change.IMPROVED, Change.WORSE
    if claim.direction == "at_most":
        above, below = below, above
    if low > 0:
        return above
    return below if high < 0 else Change.INCONCLUSIVE
