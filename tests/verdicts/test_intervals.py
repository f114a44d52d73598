import math
from dataclasses import replace

import numpy as np
import pytest

from attnaudit.errors import InternalError
from attnaudit.records import Draw, Outcome
from attnaudit.statistics import finite_lower_bound
from attnaudit.verdicts import judge

LEVEL = 0.025
HERE = {"target": "these documents"}


def drawn(measurement, *, of, place=None, total=None):
    """The measurement as drawn from `of` documents."""
    count = len(measurement.documents)
    place = np.arange(count) if place is None else np.array(place)
    return replace(measurement, draw=Draw(place=place, drawn=total or count, population=of))


@pytest.mark.parametrize("statistic", ["mean", "median"])
@pytest.mark.parametrize(("value", "outcome"), [(0.101, "supported"), (0.099, "refuted")])
def test_about_all_of_these_documents_the_verdict_is_arithmetic(
    permutation, measured, statistic, value, outcome
):
    claim = permutation(at_least=0.1, statistic=statistic, **HERE)
    verdict = judge(claim, measured(claim, [0.0, value, 2 * value]), level=LEVEL)
    assert verdict.outcome is Outcome(outcome)
    assert verdict.rows[0].low == verdict.rows[0].high == pytest.approx(verdict.rows[0].estimate)


def test_three_documents_that_decide_nothing_about_a_population_decide_about_themselves(
    permutation, measured
):
    values = [0.05, 0.1, 0.2]
    population = permutation(at_least=0.1)
    assert judge(population, measured(population, values), level=LEVEL).outcome is (
        Outcome.INCONCLUSIVE
    )
    these = permutation(at_least=0.1, **HERE)
    assert judge(these, measured(these, values), level=LEVEL).outcome is Outcome.SUPPORTED


@pytest.mark.parametrize(
    ("direction", "threshold", "outcome"),
    [("at_least", 0.4, "supported"), ("at_most", 0.2, "supported"), ("at_least", 0.41, "refuted")],
)
def test_between_the_two_medians_of_an_even_number_a_claim_gets_the_one_nearer_it(
    permutation, measured, direction, threshold, outcome
):
    claim = permutation(statistic="median", **{direction: threshold}, **HERE)
    found = judge(claim, measured(claim, [0.1, 0.2, 0.4, 0.5]), level=LEVEL)
    assert found.outcome is Outcome(outcome)


def test_what_is_unknown_of_these_documents_stays_open(permutation, measured):
    claim = permutation(at_least=0.5, undefined="either", **HERE)
    verdict = judge(claim, measured(claim, [0.6, 0.6, "some cause"]), level=LEVEL)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.rows[0].low == pytest.approx(0.4)
    assert verdict.rows[0].high == pytest.approx(2.2 / 3)


def test_a_sample_of_these_documents_is_bounded_by_what_is_left(permutation, measured):
    claim = permutation(at_least=0.1, **HERE)
    values = np.random.default_rng(0).random(30)
    row = judge(claim, drawn(measured(claim, values), of=40), level=LEVEL).rows[0]
    assert row.low == finite_lower_bound(values, population=40, level=LEVEL)
    assert row.low < values.mean() < row.high


def test_places_and_not_the_order_of_storing_are_the_order_of_drawing(permutation, measured):
    claim = permutation(at_least=0.1, **HERE)
    values, place = np.linspace(0, 1, 30), np.random.default_rng(1).permutation(30)
    shuffled = drawn(measured(claim, values), of=40, place=place)
    in_order = np.empty(30)
    in_order[place] = values
    row = judge(claim, shuffled, level=LEVEL).rows[0]
    assert row.low == finite_lower_bound(in_order, population=40, level=LEVEL)


def test_a_group_of_these_documents_is_decided_without_knowing_how_many_it_has(
    permutation, measured
):
    claim = permutation(at_least=0.1, by=["predicted"], **HERE)
    values = [0.9, 0.0] * 40
    groups = {"predicted": ["a", "b"] * 40}
    sample = drawn(measured(claim, values, groups=groups), of=100)
    rows = {row.group: row for row in judge(claim, sample, level=LEVEL).rows}
    assert rows["predicted=a"].outcome is Outcome.SUPPORTED
    assert rows["predicted=b"].outcome is Outcome.REFUTED
    # Every document left may be of this group, and be 0.
    assert rows["predicted=a"].low < 0.9 * 40 / 41


def test_documents_that_cannot_be_used_are_no_part_of_the_mean(permutation, measured):
    claim = permutation(at_least=0.1, **HERE)
    sample = measured(claim, [0.4, 0.6])
    everything = drawn(sample, of=4, place=[1, 3], total=4)
    row = judge(claim, everything, level=LEVEL).rows[0]
    assert (row.low, row.high) == (0.5, 0.5)


def test_no_more_documents_are_needed_than_there_are(permutation, measured):
    claim = permutation(at_least=0.1, **HERE)
    sample = drawn(measured(claim, [0.09, 0.12] * 15), of=35)
    assert judge(claim, sample, level=LEVEL).needed == (35, 35)


def test_nothing_more_is_needed_where_there_is_nothing_more(permutation, measured):
    claim = permutation(at_least=0.5, undefined="either", **HERE)
    verdict = judge(claim, measured(claim, [0.6, 0.6, "some cause"]), level=LEVEL)
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.needed is None


@pytest.mark.parametrize(
    "draw",
    [
        Draw(place=np.array([0, 0]), drawn=2, population=2),
        Draw(place=np.array([0, 2]), drawn=2, population=2),
        Draw(place=np.array([0, 1]), drawn=2, population=1),
        Draw(place=np.array([0]), drawn=2, population=2),
    ],
    ids=["twice", "beyond", "more than there are", "one missing"],
)
def test_a_draw_that_contradicts_itself_is_an_error_of_the_tool(permutation, measured, draw):
    claim = permutation(at_least=0.1)
    with pytest.raises(InternalError, match="do not fit"):
        judge(claim, replace(measured(claim, [0.1, 0.2]), draw=draw), level=LEVEL)


def test_no_document_leaves_everything_open(permutation, measured):
    claim = permutation(at_least=0.1, **HERE)
    row = judge(claim, measured(claim, []), level=LEVEL).rows[0]
    assert (row.low, row.high, row.outcome) == (0, 1, Outcome.INCONCLUSIVE)
    assert math.isnan(row.estimate)
