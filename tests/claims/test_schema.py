import math

import pytest
from pydantic import ValidationError

from attnaudit.claims import AdversaryClaim, AgreementClaim, PermutationClaim

COMMON = {"id": "a", "statement": "s", "kind": "faithfulness", "inference": "necessary"}


def agreement(**keys):
    return AgreementClaim(audit="agreement", importance="gradient", **COMMON, **keys)


def permutation(**keys):
    return PermutationClaim(audit="permutation", **COMMON, **keys)


def adversary(**keys):
    return AdversaryClaim(audit="adversary", **COMMON, **keys)


def divergence(**keys):
    return adversary(quantity="divergence", **keys)


@pytest.mark.parametrize(
    ("make", "low", "high"),
    [
        (agreement, -1, 1),
        (permutation, 0, 1),
        (adversary, 0, 1),
        (divergence, 0, math.log(2)),
    ],
)
@pytest.mark.parametrize("direction", ["at_least", "at_most"])
def test_a_threshold_at_or_beyond_an_end_of_the_range_is_refused(make, low, high, direction):
    for statistic in ("mean", "median"):
        for threshold in (low, high, low - 0.1, high + 0.1):
            with pytest.raises(ValidationError, match="should lie strictly between"):
                make(statistic=statistic, **{direction: threshold})
        inside = make(statistic=statistic, **{direction: low + 0.9 * (high - low)})
        assert inside.range == inside.statistic_range == (low, high)


@pytest.mark.parametrize("threshold", [0.0, 1.0, -0.5])
def test_a_fraction_is_limited_by_0_and_1_whatever_its_quantity(threshold):
    with pytest.raises(ValidationError, match=r"at_least = .* strictly between 0 and 1"):
        agreement(statistic="fraction", fraction_above=-0.5, at_least=threshold)


@pytest.mark.parametrize("value", [-1.0, 1.0])
def test_a_fraction_above_an_end_of_the_quantity_is_refused(value):
    with pytest.raises(ValidationError, match=r"fraction_above = .* strictly between -1 and 1"):
        agreement(statistic="fraction", fraction_above=value, at_least=0.5)


def test_threshold_and_direction_are_those_of_the_one_limit_given():
    least, most = agreement(at_least=0.25), agreement(at_most=0.0)

    assert (least.direction, least.threshold) == ("at_least", 0.25)
    assert (most.direction, most.threshold) == ("at_most", 0.0)


def test_the_parameters_hold_what_is_measured_and_nothing_that_is_only_judged():
    assert agreement(at_least=0.5).parameters == {"importance": "gradient"}
    assert permutation(at_least=0.5).parameters == {"draws": 100}
    expected = {"max_tvd": 0.05, "method": "auto", "restarts": 5, "steps": 500}
    assert adversary(at_most=0.5).parameters == expected
    assert divergence(at_most=0.1, statistic="median", min_tokens=9).parameters == expected


@pytest.mark.parametrize(
    "keys",
    [
        {"max_tvd": 0.0},
        {"max_tvd": 1.0},
        {"restarts": 0},
        {"steps": 0},
        {"steps": 10**9},
        {"method": "exact"},
    ],
)
def test_an_impossible_adversary_is_refused(keys):
    with pytest.raises(ValidationError):
        adversary(at_most=0.5, **keys)


@pytest.mark.parametrize("draws", [0, 10**9, 1.5])
def test_an_impossible_number_of_draws_is_refused(draws):
    with pytest.raises(ValidationError):
        permutation(at_least=0.5, draws=draws)


def test_a_claim_cannot_be_changed_once_it_is_made():
    claim = agreement(at_least=0.5)

    with pytest.raises(ValidationError, match="frozen"):
        claim.at_least = 0.1
