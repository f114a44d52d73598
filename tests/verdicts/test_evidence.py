import math
from dataclasses import replace

import numpy as np
import pytest

from attnaudit.errors import InternalError
from attnaudit.records import Bound
from attnaudit.verdicts.evidence import CONSTANT_ATTENTION, gather_evidence


def test_undefined_values_count_as_both_ends_and_constant_attention_as_the_worst(
    agreement, measured
):
    values = [0.25, CONSTANT_ATTENTION, "constant importance"]
    least, most = agreement(), agreement(at_most=0.5)
    for_least = gather_evidence(least, measured(least, values))
    for_most = gather_evidence(most, measured(most, values))

    assert for_least.lower.tolist() == [0.25, -1, -1]
    assert for_least.upper.tolist() == [0.25, -1, 1]
    assert for_most.lower.tolist() == [0.25, 1, -1]
    assert for_most.upper.tolist() == [0.25, 1, 1]
    assert for_least.defined.tolist() == [0.25]


def test_the_measurement_itself_is_left_as_it_was(agreement, measured):
    claim = agreement()
    measurement = measured(claim, [0.25, CONSTANT_ATTENTION])
    gather_evidence(claim, measurement)

    assert np.isnan(measurement.lower[1])


def test_a_value_outside_its_range_by_rounding_counts_as_the_end(agreement, measured):
    claim = agreement()
    evidence = gather_evidence(claim, measured(claim, [1 + 1e-15, -1 - 1e-7]))

    assert evidence.upper.tolist() == [1, -1]


@pytest.mark.parametrize("wrong", [1.01, -1.5, math.nan, math.inf, -math.inf])
def test_a_defined_value_that_is_not_finite_or_out_of_range_is_an_error_of_the_tool(
    agreement, measured, wrong
):
    claim = agreement()

    with pytest.raises(InternalError, match="document d1 has value"):
        gather_evidence(claim, measured(claim, [0.5, wrong]))


def test_a_value_with_a_cause_for_having_none_is_a_contradiction(agreement, measured):
    claim = agreement()
    measurement = replace(measured(claim, [0.5]), undefined=("one token",))

    with pytest.raises(InternalError, match="cause 'one token'"):
        gather_evidence(claim, measurement)


@pytest.mark.parametrize(("lower", "upper"), [(0.6, 0.7), (0.2, 0.4), (math.nan, 0.6)])
def test_a_value_outside_its_own_bounds_is_a_contradiction(agreement, measured, lower, upper):
    claim = agreement()
    measurement = measured(claim, [0.5], lower=[lower], upper=[upper], kind=Bound.INTERVAL)

    with pytest.raises(InternalError, match=r"document d0 has value 0\.5 in"):
        gather_evidence(claim, measurement)


def test_exact_values_with_room_between_their_bounds_are_a_contradiction(agreement, measured):
    claim = agreement()

    with pytest.raises(InternalError, match="calls itself exact"):
        gather_evidence(claim, measured(claim, [0.5], upper=[0.6]))


@pytest.mark.parametrize("columns", [{"lengths": [1, 2]}, {"confidence": [0.8, 0.9]}])
def test_columns_of_different_length_are_a_contradiction(agreement, measured, columns):
    claim = agreement()

    with pytest.raises(InternalError, match="1 documents but columns of shapes"):
        gather_evidence(claim, measured(claim, [0.5], **columns))
