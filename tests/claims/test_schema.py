import math
from functools import partial

import pytest
from pydantic import ValidationError

from attnaudit.claims import (
    AdversaryClaim,
    AgreementClaim,
    ExchangeClaim,
    InversionClaim,
    PermutationClaim,
    RandomisationClaim,
)

COMMON = {"id": "a", "statement": "s", "kind": "faithfulness", "inference": "necessary"}


def agreement(*, importance="gradient", **keys):
    return AgreementClaim(audit="agreement", importance=importance, **COMMON, **keys)


def permutation(**keys):
    return PermutationClaim(audit="permutation", **COMMON, **keys)


def adversary(**keys):
    return AdversaryClaim(audit="adversary", **COMMON, **keys)


def divergence(**keys):
    return adversary(quantity="divergence", **keys)


def exchange(**keys):
    return ExchangeClaim(audit="exchange", **COMMON, **keys)


def exchange_share(**keys):
    return exchange(quantity="output-share", **keys)


def inversion(**keys):
    return InversionClaim(audit="inversion", **COMMON, **keys)


def inversion_sign(**keys):
    return inversion(quantity="decision-weakened", **keys)


def inversion_distance_above_null(**keys):
    return inversion(quantity="tvd-above-null", **keys)


def inversion_distance(**keys):
    return inversion(quantity="tvd", **keys)


def randomisation(**keys):
    return RandomisationClaim(audit="randomisation", **COMMON, **keys)


def about(make, quantity):
    return partial(make, quantity=quantity)


@pytest.mark.parametrize(
    ("make", "low", "high"),
    [
        (agreement, -1, 1),
        (about(agreement, "tau-above-null"), -2, 2),
        (permutation, 0, 1),
        (about(permutation, "tvd-above-null"), -1, 1),
        (adversary, 0, 1),
        (about(adversary, "share-of-free-maximum-above-null"), -1, 1),
        (divergence, 0, math.log(2)),
        (about(adversary, "divergence-above-null"), -math.log(2), math.log(2)),
        (randomisation, 0, math.log(2)),
        (about(randomisation, "divergence-above-null"), -math.log(2), math.log(2)),
        (about(randomisation, "tau"), -1, 1),
        (about(randomisation, "tau-above-null"), -2, 2),
        (exchange, -1, 1),
        (exchange_share, 0, 1),
        (inversion, -2, 2),
        (inversion_sign, -1, 1),
        (inversion_distance_above_null, -1, 1),
        (inversion_distance, 0, 1),
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
    unnoticed = {"max_logit_change": 0.5, "draws": 20}
    assert exchange(at_most=0.5).parameters == {"max_tvd": 0.05, **unnoticed}
    assert exchange_share(at_most=0.5).parameters == exchange(at_most=0.5).parameters
    assert inversion(at_least=0.5).parameters == {"exponent": -1.0, **unnoticed}
    expected = {"max_tvd": 0.05, "method": "auto", "restarts": 5, "steps": 500}
    assert adversary(at_most=0.5).parameters == expected
    assert divergence(at_most=0.1, statistic="median", min_tokens=9).parameters == expected
    assert randomisation(at_least=0.1).parameters == {}


IMPORTANCES_WITHOUT_STEPS = (
    *("gradient", "gradient-through-attention", "gradient-norm"),
    *("attention-gradient", "leave-one-out", "mask-one-out"),
)


@pytest.mark.parametrize("importance", IMPORTANCES_WITHOUT_STEPS)
def test_only_an_integral_has_steps(importance):
    claim = agreement(importance=importance, at_least=0.5)
    assert claim.parameters == {"importance": importance}
    with pytest.raises(
        ValidationError, match=f"steps = 9 is given with importance = '{importance}'"
    ):
        agreement(importance=importance, steps=9, at_least=0.5)


def test_integrated_gradients_are_known_by_their_steps_given_or_not():
    def parameters(**keys):
        return agreement(importance="integrated-gradients", at_least=0.5, **keys).parameters

    assert parameters() == parameters(steps=50)
    assert parameters(steps=9) == {"importance": "integrated-gradients", "steps": 9}


@pytest.mark.parametrize("keys", [{"steps": 0}, {"steps": 1_001}, {"importance": "shap"}])
def test_an_importance_that_cannot_be_measured_is_refused(keys):
    with pytest.raises(ValidationError, match=next(iter(keys))):
        agreement(**({"importance": "integrated-gradients"} | keys), at_least=0.5)


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


@pytest.mark.parametrize("make", [permutation, exchange, inversion])
@pytest.mark.parametrize("draws", [0, 10**9, 1.5])
def test_an_impossible_number_of_draws_is_refused(make, draws):
    with pytest.raises(ValidationError, match="draws"):
        make(at_least=0.5, draws=draws)


@pytest.mark.parametrize(
    ("make", "keys"),
    [
        (exchange, {"max_tvd": 0.0}),
        (exchange, {"max_tvd": 1.0}),
        (exchange, {"max_logit_change": 0.0}),
        (exchange, {"quantity": "logit-share-null"}),
        (inversion, {"exponent": 2000.0}),
        (inversion, {"exponent": math.nan}),
        (inversion, {"max_logit_change": -0.5}),
        (inversion, {"quantity": "log-odds-lost"}),
    ],
)
def test_an_impossible_exchange_or_inversion_is_refused(make, keys):
    [key] = keys
    with pytest.raises(ValidationError, match=key):
        make(at_least=0.5, **keys)


@pytest.mark.parametrize(
    "make", [agreement, permutation, adversary, exchange_share, inversion_sign, randomisation]
)
def test_a_quantity_has_its_null_beside_it_and_a_difference_has_it_inside(make):
    claim = make(at_least=0.25)
    assert claim.null_quantity == f"{claim.quantity}-null"
    above = claim.model_copy(update={"quantity": f"{claim.quantity}-above-null"})
    assert above.null_quantity is None
    assert type(claim).model_validate(above.model_dump(mode="json")).quantity == above.quantity


@pytest.mark.parametrize("draws", [1, 3, 101])
def test_shuffles_that_are_the_null_of_each_other_are_even_in_number(draws):
    expected = rf"draws = {draws} should be even .* say {draws + 1}"
    with pytest.raises(ValidationError, match=expected):
        permutation(at_least=0.1, draws=draws, quantity="tvd-above-null")
    even = permutation(at_least=0.1, draws=draws + 1, quantity="tvd-above-null")
    assert even.draws == draws + 1
    assert permutation(at_least=0.1, draws=draws).draws == draws


def test_a_claim_may_hold_by_every_grouping_at_once():
    groupings = ("predicted", "label", "length", "confidence")

    assert agreement(at_least=0.5, by=groupings).by == groupings


def test_an_exponent_that_leaves_attention_as_it_is_makes_no_claim():
    with pytest.raises(ValidationError, match="leaves attention as it is"):
        inversion(at_least=0.5, exponent=1.0)
    assert inversion(at_least=0.5, exponent=0.0).exponent == 0.0


def test_a_claim_cannot_be_changed_once_it_is_made():
    claim = agreement(at_least=0.5)

    with pytest.raises(ValidationError, match="frozen"):
        claim.at_least = 0.1
