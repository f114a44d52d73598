import numpy as np
import pytest

from attnaudit.records import Bound
from attnaudit.statistics import median_lower_bound, median_upper_bound
from attnaudit.verdicts.evidence import gather_evidence
from attnaudit.verdicts.statistic import Levels, decision_interval, estimate, reduce_to_mean


def test_a_mean_is_scaled_with_its_threshold(agreement, measured):
    claim = agreement(at_least=0.5)
    reduced = reduce_to_mean(claim, gather_evidence(claim, measured(claim, [-1.0, 0.0, 1.0])))

    assert reduced.lower.tolist() == [0, 0.5, 1]
    assert reduced.threshold == 0.75


@pytest.mark.parametrize(
    ("direction", "expected"), [("at_least", [0, 1, 1]), ("at_most", [0, 0, 1])]
)
def test_a_document_on_the_threshold_is_on_the_side_of_a_median_claim(
    permutation, measured, direction, expected
):
    claim = permutation(statistic="median", **{direction: 0.3})
    reduced = reduce_to_mean(claim, gather_evidence(claim, measured(claim, [0.2, 0.3, 0.4])))

    assert reduced.lower.tolist() == expected
    assert reduced.threshold == 0.5


def test_a_fraction_counts_documents_above_and_not_at_the_value(permutation, measured):
    claim = permutation(statistic="fraction", fraction_above=0.3, at_most=0.6)
    evidence = gather_evidence(claim, measured(claim, [0.2, 0.3, 0.4, 0.5]))
    reduced = reduce_to_mean(claim, evidence)

    assert reduced.upper.tolist() == [0, 0, 1, 1]
    assert reduced.threshold == 0.6
    assert estimate(claim, evidence) == 0.5


@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_the_lower_end_comes_from_least_values_and_the_upper_from_largest(
    permutation, measured, statistic
):
    claim = permutation(statistic=statistic, at_least=0.5)
    values = np.random.default_rng(0).uniform(0.3, 0.7, 50)
    narrow, levels = measured(claim, values), Levels(low=0.01, high=0.05)
    wide = measured(claim, values, lower=values - 0.3, upper=values + 0.3, kind=Bound.INTERVAL)
    inner = decision_interval(claim, gather_evidence(claim, narrow), levels)
    outer = decision_interval(claim, gather_evidence(claim, wide), levels)

    assert outer[0] < inner[0] - 0.2
    assert outer[1] > inner[1] + 0.2


def test_the_ends_of_a_median_are_order_statistics_at_their_own_levels(permutation, measured):
    claim = permutation(statistic="median", at_least=0.5)
    values = np.random.default_rng(0).uniform(0, 1, 90)
    evidence = gather_evidence(claim, measured(claim, values))

    assert decision_interval(claim, evidence, Levels(low=0.001, high=0.2)) == (
        median_lower_bound(values, level=0.001, least=0),
        median_upper_bound(values, level=0.2, greatest=1),
    )
