import math
import warnings

import numpy as np
import pytest
from scipy import stats

from attnaudit.errors import InternalError
from attnaudit.statistics import lower_bound
from attnaudit.verdicts import judge
from attnaudit.verdicts.beside import MOST_RESAMPLED, intervals_beside, null_estimate


def test_there_is_one_for_each_row_of_the_verdict_in_its_order(permutation, measured):
    claim = permutation(at_least=0.1, by=["predicted"])
    values = np.random.default_rng(0).random(60)
    found = measured(claim, values, groups={"predicted": ["a", "b"] * 30})
    rows = judge(claim, found, level=0.001).rows
    assert [one.group for one in intervals_beside(claim, found)] == [row.group for row in rows]


def test_alone_a_claim_would_have_the_bound_at_its_own_level(permutation, measured):
    claim = permutation(at_least=0.1)
    values = np.random.default_rng(0).random(60)
    found = measured(claim, values)
    [beside] = intervals_beside(claim, found)
    assert beside.unadjusted[0] == lower_bound(values, level=0.025)
    strict = judge(claim, found, level=0.001).rows[0]
    assert strict.low < beside.unadjusted[0] < beside.unadjusted[1] < strict.high


@pytest.mark.parametrize(("statistic", "reduce"), [("mean", np.mean), ("median", np.median)])
def test_the_bootstrap_interval_is_that_of_scipy(permutation, measured, statistic, reduce):
    claim = permutation(at_least=0.1, statistic=statistic)
    values = np.random.default_rng(0).beta(0.5, 3, 80)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = stats.bootstrap(
            (values,), reduce, n_resamples=20_000, rng=np.random.default_rng(5)
        ).confidence_interval
    [beside] = intervals_beside(claim, measured(claim, values))
    assert beside.bca == pytest.approx((expected.low, expected.high), abs=0.01)


def test_the_order_of_documents_and_undefined_ones_have_no_effect_on_it(permutation, measured):
    claim = permutation(at_least=0.1, statistic="fraction", fraction_above=0.2)
    values = list(np.random.default_rng(0).random(50))
    [one] = intervals_beside(claim, measured(claim, values))
    [other] = intervals_beside(claim, measured(claim, [*values[::-1], "some cause"]))
    assert one.bca == other.bca
    assert one.unadjusted != other.unadjusted


@pytest.mark.parametrize(
    "values",
    [
        [],
        [0.5],
        [0.5] * 30,
        [0.0, 1e-16] * 30,
        ["some cause"] * 30,
        [0.1, 0.2] * (MOST_RESAMPLED // 2 + 1),
    ],
    ids=["none", "one", "all the same", "but for rounding", "undefined", "too many"],
)
def test_there_is_no_bootstrap_where_it_would_be_empty_or_slow(permutation, measured, values):
    claim = permutation(at_least=0.1)
    [beside] = intervals_beside(claim, measured(claim, values))
    assert beside.bca is None


def test_the_null_is_the_same_statistic_of_the_documents_the_claim_is_about(permutation, measured):
    values, lengths = [0.1, 0.3, 0.9, "some cause"], [5, 5, 1, 5]
    claim = permutation(at_least=0.1, min_tokens=2)
    everywhere = measured(claim, [0.5] * 4, lengths=lengths)
    null = measured(claim, values, lengths=lengths)
    assert null_estimate(claim, everywhere, null) == pytest.approx(0.2)
    fraction = permutation(at_least=0.1, min_tokens=2, statistic="fraction", fraction_above=0.2)
    assert null_estimate(fraction, everywhere, null) == 0.5
    assert math.isnan(null_estimate(claim, measured(claim, []), measured(claim, [])))


def test_the_null_is_of_no_document_that_the_estimate_is_not_of(permutation, measured):
    claim = permutation(at_least=0.1)
    own = measured(claim, ["collapsed", 0.3, 0.5, "collapsed"])
    assert null_estimate(claim, own, measured(claim, [0.9, 0.1, 0.2, 0.9])) == pytest.approx(0.15)
    disjoint = measured(claim, [0.9, "one word", "one word", 0.9])
    assert math.isnan(null_estimate(claim, own, disjoint))


def test_a_null_of_other_documents_is_an_error_of_the_tool(permutation, measured):
    claim = permutation(at_least=0.1)
    with pytest.raises(InternalError, match="3 documents have a tvd, 2 a tvd"):
        null_estimate(claim, measured(claim, [0.1] * 3), measured(claim, [0.1] * 2))
