import math
from dataclasses import replace
from statistics import fmean, median

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attnaudit.errors import InvalidArgumentError
from attnaudit.records import Outcome
from attnaudit.verdicts import CONFIDENCE_GROUPS, CONSTANT_ATTENTION, judge

LEVEL = 0.025
ENDS = [(0, 0.75), (0.75, 0.95), (0.95, 0.99), (0.99, 2)]
STATISTICS = {
    "mean": fmean,
    "median": median,
    "fraction": lambda values: sum(value > 0.3 for value in values) / len(values),
}
fixtures_are_factories = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
documents = st.lists(
    st.tuples(
        st.floats(0, 1) | st.sampled_from([CONSTANT_ATTENTION, "one token"]),
        st.floats(0, 1) | st.sampled_from([0.75, 0.95, 0.99]),
        st.integers(1, 4),
    ),
    max_size=40,
)


def claimed(permutation, statistic, **keys):
    above = {"fraction_above": 0.3} if statistic == "fraction" else {}
    return permutation(statistic=statistic, at_least=0.1, **above, **keys)


def verdict_on(claim, measured, values, **columns):
    return judge(claim, measured(claim, values, **columns), level=LEVEL)


@pytest.mark.parametrize("statistic", STATISTICS)
@fixtures_are_factories
@given(rows=documents)
def test_each_stratum_has_the_statistic_of_the_documents_of_its_confidence(
    permutation, measured, statistic, rows
):
    claim = claimed(permutation, statistic, min_tokens=2)
    values, confidence, lengths = zip(*rows, strict=True) if rows else ((), (), ())
    verdict = verdict_on(claim, measured, values, confidence=confidence, lengths=lengths)

    assert tuple(stratum.name for stratum in verdict.strata) == CONFIDENCE_GROUPS
    for stratum, (begin, end) in zip(verdict.strata, ENDS, strict=True):
        members = [value for value, sure, tokens in rows if tokens >= 2 and begin <= sure < end]
        defined = [value for value in members if not isinstance(value, str)]
        assert stratum.n == len(members)
        assert stratum.undefined == len(members) - len(defined)
        expected = STATISTICS[statistic](defined) if defined else math.nan
        assert stratum.estimate == pytest.approx(expected, abs=1e-12, nan_ok=True)


@fixtures_are_factories
@given(rows=documents)
def test_the_strata_of_a_mean_put_together_are_the_overall_row(permutation, measured, rows):
    claim = permutation(at_least=0.1)
    values, confidence, _ = zip(*rows, strict=True) if rows else ((), (), ())
    verdict = verdict_on(claim, measured, values, confidence=confidence)
    overall, strata = verdict.rows[0], verdict.strata
    weights = [stratum.n - stratum.undefined for stratum in strata]
    total = sum(w * one.estimate for w, one in zip(weights, strata, strict=True) if w)

    assert sum(stratum.n for stratum in strata) == overall.n
    assert sum(stratum.undefined for stratum in strata) == overall.undefined
    if sum(weights):
        assert total / sum(weights) == pytest.approx(overall.estimate, abs=1e-12)


def test_a_distance_that_only_confident_outputs_lack_is_told_apart_by_strata(permutation, measured):
    claim = permutation(at_least=0.1)
    hesitant, saturated = [0.5] * 40, [0.001] * 160
    confidence = [0.6] * 40 + [0.999] * 160
    confounded = verdict_on(claim, measured, hesitant + saturated, confidence=confidence)
    unrelated = verdict_on(claim, measured, [0.1008] * 200, confidence=confidence)

    assert confounded.rows[0].estimate == pytest.approx(unrelated.rows[0].estimate)
    assert [one.estimate for one in confounded.strata if one.n] == pytest.approx([0.5, 0.001])
    assert [one.estimate for one in unrelated.strata if one.n] == pytest.approx([0.1008, 0.1008])


@pytest.mark.parametrize("by", [[], ["predicted"], ["length"]])
def test_confidence_decides_nothing_unless_the_claim_names_it(permutation, measured, by):
    claim = permutation(at_least=0.1, by=by)
    values = np.random.default_rng(0).uniform(0, 1, 120)
    groups = {"predicted": ["no", "yes"] * 60}
    low = verdict_on(claim, measured, values, confidence=[0.6] * 120, groups=groups)
    mixed = verdict_on(claim, measured, values, confidence=1 - values / 2, groups=groups)

    assert mixed.strata != low.strata
    assert replace(mixed, strata=()) == replace(low, strata=())


def test_a_claim_by_confidence_is_refuted_by_the_stratum_in_which_it_fails(permutation, measured):
    values, confidence = [0.9] * 200 + [0.001] * 60, [0.6] * 200 + [0.999] * 60
    anywhere, everywhere = permutation(at_least=0.3), permutation(at_least=0.3, by=["confidence"])
    verdict = verdict_on(everywhere, measured, values, confidence=confidence)

    supported = verdict_on(anywhere, measured, values, confidence=confidence)
    assert supported.outcome is Outcome.SUPPORTED
    assert verdict.outcome is Outcome.REFUTED
    assert {row.group: row.outcome for row in verdict.rows} == {
        "overall": Outcome.SUPPORTED,
        "confidence=below 0.75": Outcome.SUPPORTED,
        "confidence=0.99+": Outcome.REFUTED,
    }
    assert verdict.strata == supported.strata


def test_a_confidence_that_is_no_probability_is_refused(permutation, measured):
    with pytest.raises(InvalidArgumentError, match="must be a probability"):
        verdict_on(permutation(at_least=0.1), measured, [0.5], confidence=[math.nan])
