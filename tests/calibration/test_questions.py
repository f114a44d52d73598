import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.calibration.questions import (
    about_these_documents,
    at_distance,
    at_the_truth,
    by_prediction,
    evidence_of,
    is_constant,
    is_open,
    with_threshold,
    without_groups,
)
from attnaudit.errors import InternalError


def asked(claim, values, gap, population):
    return at_distance(claim, evidence_of(claim, population(claim, values)), gap)


def is_true(claim, values):
    """The claim about a population, from its definition."""
    values = np.asarray(values)
    if claim.statistic == "median":
        if claim.direction == "at_least":
            return (values >= claim.threshold).mean() >= 0.5
        return (values > claim.threshold).mean() <= 0.5
    if claim.statistic == "fraction":
        values = values > claim.fraction_above
    statistic = values.mean()
    if claim.direction == "at_least":
        return statistic >= claim.threshold
    return statistic <= claim.threshold


@pytest.mark.parametrize("statistic", ["mean", "median", "fraction"])
@pytest.mark.parametrize("direction", ["at_least", "at_most"])
@pytest.mark.parametrize("gap", [0.1, 0.5])
def test_a_positive_gap_makes_a_claim_true_and_a_negative_one_false(
    permutation_claim, population, statistic, direction, gap
):
    values = np.random.default_rng(0).beta(2, 3, 400)
    keys = {"fraction_above": 0.4} if statistic == "fraction" else {}
    claim = permutation_claim(direction, statistic=statistic, **keys)
    assert is_true(asked(claim, values, gap, population), values)
    assert not is_true(asked(claim, values, -gap, population), values)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(0, 5))
def test_exactly_half_of_an_even_number_speak_for_a_median_at_the_truth(half, seed):
    # Built here, because hypothesis and fixtures that are made once do not go together.
    from attnaudit.claims import PermutationClaim  # noqa: PLC0415
    from attnaudit.verdicts.evidence import Evidence  # noqa: PLC0415

    values = np.random.default_rng(seed).beta(2, 3, 2 * half)
    evidence = Evidence(value=values, lower=values, upper=values, causes=(None,) * len(values))
    for direction, reaches in (("at_least", np.greater_equal), ("at_most", np.greater)):
        claim = PermutationClaim(
            id="c",
            statement="s",
            audit="permutation",
            statistic="median",
            **{"kind": "faithfulness", "inference": "necessary", direction: 0.5},
        )
        found = at_distance(claim, evidence, 0.0)
        assert reaches(values, found.threshold).sum() == half


def test_the_gap_of_a_mean_is_in_standard_deviations_of_the_value(agreement_claim, population):
    values = np.array([-0.4, 0.0, 0.4, 0.8])
    found = asked(agreement_claim(), values, 0.5, population)
    assert found.threshold == pytest.approx(0.2 - 0.5 * np.sqrt(0.2))
    found = asked(agreement_claim("at_most"), values, 0.5, population)
    assert found.threshold == pytest.approx(0.2 + 0.5 * np.sqrt(0.2))


def test_no_threshold_lies_outside_the_range(permutation_claim, population):
    values = np.array([0.0] * 9 + [1.0])
    assert asked(permutation_claim(), values, 0.5, population) is None
    assert asked(permutation_claim(), values, -0.5, population) is not None


def test_no_threshold_is_at_a_median_that_many_documents_share(permutation_claim, population):
    values = np.array([0.1] * 3 + [0.5] * 4 + [0.9] * 3)
    assert asked(permutation_claim(statistic="median"), values, 0.0, population) is None


def test_values_that_differ_by_rounding_alone_are_constant(permutation_claim, population):
    claim = permutation_claim()
    for values, expected in (([0.3, 0.3 + 1e-13], True), ([0.3, 0.31], False)):
        assert is_constant(claim, evidence_of(claim, population(claim, values))) is expected


def test_an_indicator_is_constant_where_all_values_are_on_one_side(permutation_claim, population):
    for above, expected in ((0.2, True), (0.35, False)):
        claim = permutation_claim(statistic="fraction", fraction_above=above)
        found = evidence_of(claim, population(claim, [0.3, 0.4]))
        assert is_constant(claim, found) is expected


@pytest.mark.parametrize(
    ("cause", "expected"), [("constant attention", False), ("constant importance", True)]
)
def test_the_truth_is_open_where_an_undefined_value_could_be_anything(
    agreement_claim, population, cause, expected
):
    claim = agreement_claim()
    evidence = evidence_of(claim, population(claim, [0.3, np.nan], cause=cause))
    assert is_open(evidence) is expected


@pytest.mark.parametrize(
    ("values", "keys"),
    [
        ([0.4] * 10, {}),
        ([0.1] * 3 + [0.5] * 4 + [0.9] * 3, {"statistic": "median"}),
        ([0.2, 0.4, np.nan, 0.8], {}),
    ],
)
def test_what_chance_cannot_decide_is_not_asked(permutation_claim, population, values, keys):
    claim = permutation_claim(**keys)
    assert at_the_truth(population(claim, values, cause="constant importance")) == []


def test_what_chance_can_decide_is_asked_at_the_truth(permutation_claim, population):
    claim = permutation_claim()
    [(found, evidence)] = at_the_truth(population(claim, [0.2, 0.4, 0.9]))
    assert found.threshold == pytest.approx(0.5)
    assert evidence.lower.tolist() == [0.2, 0.4, 0.9]


def test_only_the_threshold_and_the_groups_change(permutation_claim):
    claim = permutation_claim(by=("predicted",), draws=7)
    moved = with_threshold(claim, 0.25)
    assert moved.model_dump() == claim.model_dump() | {"at_least": 0.25}
    assert without_groups(claim).model_dump() == claim.model_dump() | {"by": ()}
    assert by_prediction(without_groups(claim)).model_dump() == claim.model_dump()
    these = about_these_documents(claim)
    assert these.model_dump() == claim.model_dump() | {"target": "these documents"}


def test_a_population_without_its_documents_is_noticed():
    from attnaudit.calibration.population import _complete  # noqa: PLC0415

    with pytest.raises(InternalError, match=r"left out some of the 5 documents of missing"):
        _complete({"missing": None}, 5)
