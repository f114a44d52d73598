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
from attnaudit.verdicts.groups import FEWEST_IN_GROUP, OVERALL, Group, find_groups
from attnaudit.verdicts.outlook import OpenRow, predict_needed
from attnaudit.verdicts.statistic import Levels, decision_interval, estimate, reduce_to_mean
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


def judge(claim: Claim, measurement: Measurement, *, level: float) -> Verdict:
    """Decide a claim.

    It is supported if the decision interval lies wholly on its side overall and in every group,
    and refuted if it lies wholly on the other side overall or in any group. An end that supports
    has the error probability `level`; an end that refutes has `level` divided by the number of
    rows, because each row is one more chance to refute. A group under 20 documents decides
    nothing, so the claim is then refuted or inconclusive.

    Args:
        claim: What is claimed.
        measurement: Its quantity on documents drawn from the population the claim is about.
        level: Error probability for each direction, as from `direction_level`.

    Returns:
        The verdict. It does not depend on the order of the documents. Its strata describe and
        decide nothing.

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
    groups = find_groups(claim, measurement)
    levels = _levels(claim, level=level, number_of_rows=len(groups))
    parts = [evidence.select(group.index) for group in groups]
    rows = tuple(
        _row(claim, group, part, levels, measurement.kind)
        for group, part in zip(groups, parts, strict=True)
    )
    outcome = _combine([row.outcome for row in rows])
    causes = Counter(cause for cause in parts[0].causes if cause is not None)
    return Verdict(
        claim=claim.id,
        outcome=outcome,
        rows=rows,
        kind=measurement.kind,
        level=level,
        needed=_needed(claim, groups, parts, rows, levels)
        if outcome is Outcome.INCONCLUSIVE
        else None,
        causes=dict(sorted(causes.items())),
        strata=describe_strata(claim, parts[0], measurement.confidence[groups[0].index]),
    )


def _levels(claim: Claim, *, level: float, number_of_rows: int) -> Levels:
    if claim.direction == "at_least":
        return Levels(low=level, high=level / number_of_rows)
    return Levels(low=level / number_of_rows, high=level)


def _row(claim: Claim, group: Group, evidence: Evidence, levels: Levels, kind: Bound) -> VerdictRow:
    low, high = decision_interval(claim, evidence, levels)
    outcome, reason = Outcome.INCONCLUSIVE, None
    if not group.index.size:
        reason = _reason_empty(claim, group)
    elif group.too_small:
        reason = f"{group.index.size} documents; a group under {FEWEST_IN_GROUP} decides nothing"
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
    )


def _outcome(claim: Claim, low: float, high: float) -> Outcome:
    above, below = low >= claim.threshold, high < claim.threshold
    if claim.direction == "at_most":
        above, below = high <= claim.threshold, low > claim.threshold
    if above:
        return Outcome.SUPPORTED
    return Outcome.REFUTED if below else Outcome.INCONCLUSIVE


def _reason_empty(claim: Claim, group: Group) -> str:
    if group.name == OVERALL:
        return f"no document with at least {claim.min_tokens} tokens"
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
    parts: Sequence[Evidence],
    rows: Sequence[VerdictRow],
    levels: Levels,
) -> tuple[int, int] | None:
    open_rows = [
        OpenRow(
            reduced=reduce_to_mean(claim, part),
            share=row.n / max(rows[0].n, 1),
            fewest=FEWEST_IN_GROUP if group.too_small else 0,
        )
        for group, part, row in zip(groups, parts, rows, strict=True)
        if row.outcome is Outcome.INCONCLUSIVE
    ]
    return predict_needed(
        open_rows,
        refuting_side=-1 if claim.direction == "at_least" else 1,
        levels=levels,
        generator=_generator(claim),
    )


def _generator(claim: Claim) -> np.random.Generator:
    """Always the same for a claim: judging again gives the same verdict to the last digit."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(claim.id.encode()).digest()))
