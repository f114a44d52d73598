import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attnaudit.errors import InvalidArgumentError
from attnaudit.records import Bound, Outcome
from attnaudit.statistics import LARGEST_NEEDED, lower_bound, upper_bound
from attnaudit.verdicts import CONSTANT_ATTENTION, direction_level, judge

LEVEL = 0.025
OTHER_CAUSE = "constant importance"
fixtures_are_factories = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def outcome_of(claim, measurement, level=LEVEL):
    return judge(claim, measurement, level=level).outcome


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.9, Outcome.SUPPORTED), (0.1, Outcome.REFUTED), (0.5, Outcome.INCONCLUSIVE)],
)
def test_an_at_least_claim_follows_values_far_from_its_threshold(
    agreement, measured, value, expected
):
    claim = agreement()

    assert outcome_of(claim, measured(claim, [value] * 100)) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.1, Outcome.SUPPORTED), (0.9, Outcome.REFUTED), (0.5, Outcome.INCONCLUSIVE)],
)
def test_an_at_most_claim_follows_values_far_from_its_threshold(
    adversary, measured, value, expected
):
    claim = adversary()

    assert outcome_of(claim, measured(claim, [value] * 100)) is expected


def test_the_row_of_a_mean_shows_the_betting_bounds_in_the_units_of_the_quantity(
    agreement, measured
):
    values = np.random.default_rng(0).uniform(-1, 1, 80)
    claim = agreement()
    [row] = judge(claim, measured(claim, values), level=LEVEL).rows

    assert row.estimate == pytest.approx(values.mean())
    assert row.low == pytest.approx(2 * lower_bound((values + 1) / 2, level=LEVEL) - 1)
    assert row.high == pytest.approx(2 * upper_bound((values + 1) / 2, level=LEVEL) - 1)
    assert (row.group, row.n, row.undefined) == ("overall", 80, 0)


def test_the_row_of_a_fraction_shows_the_share_of_documents_above(permutation, measured):
    values = [0.05] * 30 + [0.1] * 10 + [0.4] * 60
    claim = permutation(statistic="fraction", fraction_above=0.1, at_least=0.3)
    verdict = judge(claim, measured(claim, values), level=LEVEL)
    indicator = np.array([0.0] * 40 + [1.0] * 60)

    assert verdict.outcome is Outcome.SUPPORTED
    assert verdict.rows[0].estimate == pytest.approx(0.6)
    assert verdict.rows[0].low == lower_bound(indicator, level=LEVEL)
    assert verdict.rows[0].high == upper_bound(indicator, level=LEVEL)


@pytest.mark.parametrize("direction", ["at_least", "at_most"])
@fixtures_are_factories
@given(st.lists(st.sampled_from([0.1, 0.25, 0.3, 0.8]), min_size=1, max_size=60))
def test_a_median_is_decided_by_the_share_of_documents_on_the_claims_side(
    permutation, measured, direction, values
):
    claim = permutation(statistic="median", **{direction: 0.3})
    on_side = np.array(values) >= 0.3 if direction == "at_least" else np.array(values) <= 0.3
    expected = Outcome.INCONCLUSIVE
    if lower_bound(on_side.astype(float), level=LEVEL) >= 0.5:
        expected = Outcome.SUPPORTED
    elif upper_bound(on_side.astype(float), level=LEVEL) <= 0.5:
        expected = Outcome.REFUTED
    verdict = judge(claim, measured(claim, values), level=LEVEL)

    assert verdict.outcome is expected
    assert verdict.rows[0].estimate == np.median(values)


@fixtures_are_factories
@given(
    st.lists(st.floats(-1, 1) | st.sampled_from([CONSTANT_ATTENTION, OTHER_CAUSE]), max_size=40),
    st.randoms(use_true_random=False),
)
def test_the_order_of_documents_changes_nothing_at_all(agreement, measured, values, random):
    claim = agreement()
    shuffled = list(values)
    random.shuffle(shuffled)
    first = judge(claim, measured(claim, values), level=LEVEL)
    second = judge(claim, measured(claim, shuffled), level=LEVEL)

    assert repr(first) == repr(second)


@fixtures_are_factories
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=60))
def test_a_stricter_level_only_ever_moves_a_verdict_to_inconclusive(agreement, measured, values):
    claim = agreement(at_least=0.2)
    loose = outcome_of(claim, measured(claim, values), 0.1)
    strict = outcome_of(claim, measured(claim, values), 0.001)

    assert strict in {loose, Outcome.INCONCLUSIVE}


@fixtures_are_factories
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=60), st.floats(0, 1))
def test_larger_values_never_turn_an_at_least_claim_against_itself(
    agreement, measured, values, lift
):
    claim = agreement(at_least=0.2)
    worst_to_best = [Outcome.REFUTED, Outcome.INCONCLUSIVE, Outcome.SUPPORTED]
    lifted = [value + lift * (1 - value) for value in values]
    before = outcome_of(claim, measured(claim, values))
    after = outcome_of(claim, measured(claim, lifted))

    assert worst_to_best.index(after) >= worst_to_best.index(before)


@pytest.mark.parametrize("direction", ["at_least", "at_most"])
@pytest.mark.parametrize("shares", [(0.95, 0.05), (0.05, 0.95)])
def test_a_claim_at_its_boundary_is_wrongly_decided_less_often_than_the_level(
    agreement, measured, direction, shares
):
    generator = np.random.default_rng(1)
    truth = float(np.dot(shares, [1, -1]))
    claim = agreement(**{direction: truth})
    outcomes = [
        outcome_of(claim, measured(claim, generator.choice([1.0, -1.0], 40, p=shares)), 0.1)
        for _ in range(200)
    ]

    # Any nearer and the claim would be false, so neither verdict may be likely.
    assert outcomes.count(Outcome.REFUTED) <= 0.1 * 200
    assert outcomes.count(Outcome.SUPPORTED) <= 0.1 * 200


def test_a_failed_search_never_supports_an_at_most_claim(adversary, measured):
    claim = adversary()
    found_little = [0.01] * 500
    search = measured(claim, found_little, lower=found_little, upper=[1.0] * 500, kind=Bound.LOWER)
    verdict = judge(claim, search, level=LEVEL)

    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.kind is Bound.LOWER
    assert "a search gives lower bounds only" in verdict.rows[0].reason
    assert verdict.needed == (LARGEST_NEEDED, LARGEST_NEEDED)


def test_a_search_that_finds_much_refutes_an_at_most_claim(adversary, measured):
    claim = adversary()
    search = measured(claim, [0.9] * 100, lower=[0.9] * 100, upper=[1.0] * 100, kind=Bound.LOWER)

    assert outcome_of(claim, search) is Outcome.REFUTED


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        (0.1, 0.2, Outcome.SUPPORTED),
        (0.1, 0.9, Outcome.INCONCLUSIVE),
        (0.8, 0.9, Outcome.REFUTED),
    ],
)
def test_an_interval_decides_only_if_both_its_ends_agree(
    adversary, measured, lower, upper, expected
):
    claim = adversary()
    between = measured(
        claim,
        [(lower + upper) / 2] * 100,
        lower=[lower] * 100,
        upper=[upper] * 100,
        kind=Bound.INTERVAL,
    )
    verdict = judge(claim, between, level=LEVEL)

    assert verdict.outcome is expected
    reason = verdict.rows[0].reason
    assert ("known between bounds only" in (reason or "")) == (expected is Outcome.INCONCLUSIVE)


def test_without_documents_nothing_is_decided_and_the_reason_is_given(agreement, measured):
    claim = agreement()
    verdict = judge(claim, measured(claim, []), level=LEVEL)
    [row] = verdict.rows

    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert (row.n, row.low, row.high) == (0, -1, 1)
    assert math.isnan(row.estimate)
    assert row.reason == "no document with at least 1 tokens"
    assert verdict.needed is None


def test_one_document_is_too_few_to_decide(agreement, measured):
    claim = agreement()

    assert outcome_of(claim, measured(claim, [1.0])) is Outcome.INCONCLUSIVE


def test_documents_shorter_than_the_claim_asks_for_are_no_part_of_it(agreement, measured):
    claim = agreement(min_tokens=2)
    values = [0.9] * 100 + ["one token"] * 300
    verdict = judge(claim, measured(claim, values, lengths=[2] * 100 + [1] * 300), level=LEVEL)

    assert verdict.outcome is Outcome.SUPPORTED
    assert verdict.rows[0].n == 100
    assert verdict.causes == {}


def test_the_level_of_a_direction_is_shared_by_all_claims():
    assert direction_level(1) == 0.025
    assert direction_level(20) == pytest.approx(0.00125)
    with pytest.raises(InvalidArgumentError, match="at least 1"):
        direction_level(0)


@pytest.mark.parametrize("level", [0.0, 1.0, math.nan])
def test_a_level_that_is_no_error_probability_is_refused(agreement, measured, level):
    claim = agreement()

    with pytest.raises(InvalidArgumentError, match="level"):
        judge(claim, measured(claim, [0.5]), level=level)


def test_a_measurement_of_another_audit_is_refused(agreement, adversary, measured):
    with pytest.raises(InvalidArgumentError, match="about agreement / tau, the measurement about"):
        judge(agreement(), measured(adversary(), [0.5]), level=LEVEL)


def test_a_measurement_on_another_range_is_refused(agreement, measured):
    claim = agreement()

    with pytest.raises(InvalidArgumentError, match="was measured on"):
        judge(claim, replace(measured(claim, [0.5]), low=0.0), level=LEVEL)


def test_judging_needs_no_torch():
    code = "import sys, attnaudit.verdicts; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
