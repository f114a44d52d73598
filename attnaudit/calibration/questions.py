"""A claim with its threshold at a known distance from the truth."""

import numpy as np

from attnaudit.calibration.population import Population
from attnaudit.claims import Claim
from attnaudit.verdicts.evidence import Evidence, gather_evidence
from attnaudit.verdicts.intervals import THESE_DOCUMENTS
from attnaudit.verdicts.statistic import reduce_to_mean

# A claim must have its threshold strictly inside the range of its statistic.
_ROOM = 1e-9
# How far the share of documents on one side of a quantile may be from the share aimed at.
_MOST_TIED = 0.005


def evidence_of(claim: Claim, population: Population) -> Evidence:
    """What the documents of a population say about a claim."""
    return gather_evidence(claim, population.measurements[claim.id])


def is_open(evidence: Evidence) -> bool:
    """Whether documents without a value leave it open what is true of the population."""
    return not np.array_equal(evidence.lower, evidence.upper)


def is_constant(claim: Claim, evidence: Evidence) -> bool:
    """Whether chance has no part in it: then nobody can be wrong by chance."""
    if claim.statistic == "fraction":
        return bool(np.ptp(reduce_to_mean(claim, evidence).lower) == 0)
    return bool(np.ptp(evidence.lower) <= _ROOM * (claim.range[1] - claim.range[0]))


def at_distance(claim: Claim, evidence: Evidence, gap: float) -> Claim | None:
    """The claim, true by so many standard deviations of one document's value.

    Args:
        claim: Says which statistic, and on which side of a threshold it is claimed to lie.
        evidence: The whole population; none of it open.
        gap: Above 0 the claim is true, below 0 it is false, at 0 the threshold is the truth itself.
            For a fraction or median the value is an indicator; that of a median has the standard
            deviation 1/2 where its share is one half.

    Returns:
        The claim with that threshold, or None if no such threshold lies in the range, as where
        many documents share the value at a quantile.
    """
    low, high = claim.statistic_range
    threshold = _threshold(claim, evidence, gap)
    if not low + _ROOM < threshold < high - _ROOM:
        return None
    asked = with_threshold(claim, threshold)
    if claim.statistic == "median":
        sign = 1 if claim.direction == "at_least" else -1
        missed = abs(reduce_to_mean(asked, evidence).lower.mean() - (1 + sign * gap) / 2)
        if missed > (_MOST_TIED if gap else 0):
            return None
    return asked


def at_the_truth(population: Population) -> list[tuple[Claim, Evidence]]:
    """Each claim that chance can decide, with its threshold at the truth, and its evidence.

    Left out are claims whose truth is open, those without chance, and those for which no threshold
    is at the truth.
    """
    found = []
    for claim in population.claims:
        evidence = evidence_of(claim, population)
        if is_open(evidence) or is_constant(claim, evidence):
            continue
        asked = at_distance(claim, evidence, 0.0)
        if asked is not None:
            found.append((asked, evidence))
    return found


def with_threshold(claim: Claim, threshold: float) -> Claim:
    """The same claim about another threshold."""
    return _changed(claim, {claim.direction: threshold})


def without_groups(claim: Claim) -> Claim:
    """The same claim about all documents together."""
    return _changed(claim, {"by": ()})


def by_prediction(claim: Claim) -> Claim:
    """The same claim, which must hold for each predicted class as well."""
    return _changed(claim, {"by": ("predicted",)})


def about_these_documents(claim: Claim) -> Claim:
    """The same claim about the documents themselves, of which those that are measured are some."""
    return _changed(claim, {"target": THESE_DOCUMENTS})


def _changed(claim: Claim, fields: dict[str, object]) -> Claim:
    changed: Claim = type(claim).model_validate(claim.model_dump() | fields)
    return changed


def _threshold(claim: Claim, evidence: Evidence, gap: float) -> float:
    at_least = claim.direction == "at_least"
    values = evidence.lower
    if claim.statistic == "median":
        ordered, half = np.sort(values), len(values) / 2
        # At the truth, exactly half of an even number of documents speak for the claim.
        place = half + gap * half if not at_least else half - gap * half
        index = int(place) if at_least else int(np.ceil(place)) - 1
        return float(ordered[min(max(index, 0), len(values) - 1)])
    if claim.fraction_above is not None:
        values = (values > claim.fraction_above).astype(np.float64)
    shift = gap * float(values.std())
    return float(values.mean()) + (-shift if at_least else shift)
