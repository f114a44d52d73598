"""Supported, refuted or inconclusive: the one place where a number meets a threshold."""

import hashlib
from collections import Counter
from collections.abc import Sequence

import numpy as np

from attnaudit.claims import Claim
from attnaudit.errors import InvalidArgumentError
from attnaudit.records import Bound, Measurement, Outcome, Verdict, VerdictRow
from attnaudit.statistics.checks import check_level
from attnaudit.verdicts.evidence import Evidence, gather_evidence
from attnaudit.verdicts.groups import (
    FEWEST_IN_GROUP,
    OVERALL,
    Group,
    count_possible_groups,
    find_possible_groups,
)
from attnaudit.verdicts.intervals import THESE_DOCUMENTS, Drawn, draw_of, row_interval
from attnaudit.verdicts.outlook import OpenRow, predict_needed
from attnaudit.verdicts.statistic import Levels, estimate, reduce_to_mean
from attnaudit.verdicts.strata import describe_strata

_ERROR_PER_DIRECTION = 0.025


def direction_level(number_of_claims: int) -> float:
    """Error probability for each direction of one claim, if this many are judged together.

    With it, the probability of any wrong verdict among them is at most 0.05.

    Raises:
        InvalidArgumentError: If there is no claim.
    """
    if number_of_claims < 1:
        raise InvalidArgumentError(f"number_of_claims must be at least 1; it is {number_of_claims}")
    return _ERROR_PER_DIRECTION / number_of_claims


def judge(
    claim: Claim, measurement: Measurement, *, level: float, looks: Sequence[int] = ()
) -> Verdict:
    """Decide a claim.

    It is supported if the decision interval lies wholly on its side overall and in every group,
    and refuted if it lies wholly on the other side overall or in any group. An end that supports
    has the error probability `level`; an end that refutes has `level` divided by the number of
    groups there can be, because each is one more chance to refute. A group of which no document was
    drawn yet is open while some are undrawn. A group under 20 documents, or clusters
    where documents come in clusters, decides nothing, so the claim is then refuted or inconclusive.

    Args:
        claim: What is claimed.
        measurement: Its quantity on documents drawn from the population the claim is about.
        level: Error probability for each direction, as from `direction_level`.
        looks: How many documents had been drawn at each look so far, the last one included, where
            more are drawn until the claim is decided; `judge_in_blocks` goes from look to look.

    Returns:
        The verdict. It does not depend on the order of the documents unless they were drawn in
        blocks, or the claim is about these documents and not all of them were. Its strata describe
        and decide nothing.

    Raises:
        InvalidArgumentError: If the measurement is not the claim's, the level is out of range or a
            confidence is not a probability.
        InternalError: If the measurement contradicts itself.

    Source:
        Bounds: Waudby-Smith & Ramdas (2023). Groups: Berger (1982), intersection-union tests, to
        support and Bonferroni to refute. Undefined values: Manski (2003), partial identification.
    """
    check_level(level)
    evidence = gather_evidence(claim, measurement)
    groups = find_possible_groups(claim, measurement)
    # Not by those seen so far: more may be at the next look, after some were tested at this one.
    rows_at_most = count_possible_groups(claim, measurement)
    levels = _levels(claim, level=level, number_of_rows=rows_at_most)
    parts = [evidence.select(group.index) for group in groups]
    draw = draw_of(measurement)
    drawn = [
        Drawn(
            evidence=part,
            place=draw.place[group.index],
            drawn=draw.drawn,
            population=draw.population,
            looks=tuple(looks),
        )
        for group, part in zip(groups, parts, strict=True)
    ]
    rows = tuple(
        _row(claim, group, one, levels, measurement.kind)
        for group, one in zip(groups, drawn, strict=True)
    )
    outcome = _combine([row.outcome for row in rows])
    causes = Counter(cause for cause in parts[0].causes if cause is not None)
    return Verdict(
        claim=claim.id,
        outcome=outcome,
        rows=rows,
        kind=measurement.kind,
        level=level,
        needed=_needed(claim, groups, drawn, rows, levels)
        if outcome is Outcome.INCONCLUSIVE
        else None,
        causes=dict(sorted(causes.items())),
        strata=describe_strata(claim, parts[0], measurement.confidence[groups[0].index]),
    )


def _levels(claim: Claim, *, level: float, number_of_rows: int) -> Levels:
    if claim.direction == "at_least":
        return Levels(low=level, high=level / number_of_rows)
    return Levels(low=level / number_of_rows, high=level)


def _row(claim: Claim, group: Group, drawn: Drawn, levels: Levels, kind: Bound) -> VerdictRow:
    evidence = drawn.evidence
    low, high = row_interval(claim, drawn, levels)
    outcome, reason = Outcome.INCONCLUSIVE, None
    if not group.index.size:
        reason = _reason_empty(claim, group, drawn)
    elif _too_small(group, evidence):
        units = "documents" if evidence.clusters is None else "clusters"
        reason = f"{evidence.draws} {units}; a group under {FEWEST_IN_GROUP} decides nothing"
    elif low > high:
        reason = "what looks excluded earlier contradicts what they exclude now"
    else:
        outcome = _outcome(claim, low, high)
        if outcome is Outcome.INCONCLUSIVE and reduce_to_mean(claim, evidence).side == 0:
            reason = _reason_both_open(evidence, kind)
    return VerdictRow(
        group=group.name,
        outcome=outcome,
        estimate=estimate(claim, evidence),
        low=low,
        high=high,
        n=group.index.size,
        undefined=sum(cause is not None for cause in evidence.causes),
        reason=reason,
        clusters=None if evidence.clusters is None else evidence.draws,
    )


def _too_small(group: Group, evidence: Evidence) -> bool:
    """Whether a group may decide nothing. All documents together always may."""
    return group.name != OVERALL and evidence.draws < FEWEST_IN_GROUP


def _outcome(claim: Claim, low: float, high: float) -> Outcome:
    above, below = low >= claim.threshold, high < claim.threshold
    if claim.direction == "at_most":
        above, below = high <= claim.threshold, low > claim.threshold
    if above:
        return Outcome.SUPPORTED
    return Outcome.REFUTED if below else Outcome.INCONCLUSIVE


def _reason_empty(claim: Claim, group: Group, drawn: Drawn) -> str:
    if group.name == OVERALL:
        return f"no document with at least {claim.min_tokens} tokens"
    if group.name not in claim.by:
        return f"none of the {drawn.drawn} documents drawn of {drawn.population} is in it"
    return f"the {group.name} group of every document is unknown"


def _reason_both_open(evidence: Evidence, kind: Bound) -> str | None:
    causes = Counter(cause for cause in evidence.causes if cause is not None)
    if causes:
        listed = ", ".join(f"{cause} {count}" for cause, count in sorted(causes.items()))
        return f"documents without a value leave both sides open: {listed}"
    if kind is Bound.LOWER:
        return "a search gives lower bounds only: more may exist than it found"
    if kind is Bound.INTERVAL:
        return "the values are known between bounds only, which leave both sides open"
    return None


def _combine(outcomes: Sequence[Outcome]) -> Outcome:
    if Outcome.REFUTED in outcomes:
        return Outcome.REFUTED
    return Outcome.INCONCLUSIVE if Outcome.INCONCLUSIVE in outcomes else Outcome.SUPPORTED


def _needed(
    claim: Claim,
    groups: Sequence[Group],
    drawn: Sequence[Drawn],
    rows: Sequence[VerdictRow],
    levels: Levels,
) -> tuple[int, int] | None:
    open_rows = [
        OpenRow(
            reduced=reduce_to_mean(claim, one.evidence),
            share=one.evidence.draws / max(drawn[0].evidence.draws, 1),
            fewest=FEWEST_IN_GROUP if _too_small(group, one.evidence) else 0,
        )
        for group, one, row in zip(groups, drawn, rows, strict=True)
        if row.outcome is Outcome.INCONCLUSIVE
    ]
    needed = predict_needed(
        open_rows,
        refuting_side=-1 if claim.direction == "at_least" else 1,
        levels=levels,
        generator=_generator(claim),
    )
    if needed is None or claim.target != THESE_DOCUMENTS:
        return needed
    # All of them decide it, if anything about them does.
    most = drawn[0].population
    if drawn[0].drawn == most:
        return None
    return min(needed[0], most), min(needed[1], most)


def _generator(claim: Claim) -> np.random.Generator:
    """Always the same for a claim: judging again gives the same verdict to the last digit."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(claim.id.encode()).digest()))
