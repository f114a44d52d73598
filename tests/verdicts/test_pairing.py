import math
from dataclasses import replace

import numpy as np
import pytest

from attnaudit.errors import InvalidArgumentError
from attnaudit.records import Draw
from attnaudit.verdicts.pairing import check_paired, largest_gap, pair_measurements


def test_paired_measurements_have_the_same_documents_in_the_order_asked_for(agreement, measured):
    claim = agreement()
    old = measured(
        claim,
        [0.1, "saturated", 0.3, 0.4],
        lengths=[5, 6, 7, 8],
        confidence=[0.6, 0.7, 0.8, 0.9],
        groups={"predicted": ("a", "b", "a", "b")},
    )
    drawn = Draw(place=np.array([7, 2, 0, 5]), drawn=8, population=9)
    old = replace(old, draw=drawn)
    turned = measured(claim, [0.9, 0.8, 0.7, 0.6])
    new = replace(turned, documents=("d3", "d2", "d1", "d0"))
    before, after = pair_measurements(old, new, documents=("d2", "d0", "d1"))

    assert before.documents == after.documents == ("d2", "d0", "d1")
    assert before.value[:2].tolist() == [0.3, 0.1]
    assert before.undefined == (None, None, "saturated")
    assert before.lengths.tolist() == [7, 5, 6]
    assert before.confidence.tolist() == [0.8, 0.6, 0.7]
    assert before.groups == {"predicted": ("a", "a", "b")}
    assert before.draw.place.tolist() == [0, 7, 2]
    assert (before.draw.drawn, before.draw.population, after.draw) == (8, 9, None)
    assert after.value.tolist() == [0.8, 0.6, 0.7]


def test_a_document_that_one_measurement_lacks_is_named(agreement, measured):
    one = measured(agreement(), [0.1, 0.2])
    with pytest.raises(InvalidArgumentError, match="has no document 'd2'"):
        pair_measurements(one, one, documents=("d0", "d2"))


def test_measurements_of_other_documents_are_not_paired(agreement, measured):
    two, three = (measured(agreement(), [0.1] * count) for count in (2, 3))
    with pytest.raises(InvalidArgumentError, match="2 documents, the new one 3"):
        check_paired(two, three)


def test_measurements_of_other_quantities_are_not_paired(agreement, permutation, measured):
    tau, tvd = measured(agreement(), [0.1]), measured(permutation(at_least=0.1), [0.1])
    with pytest.raises(InvalidArgumentError, match="agreement / tau cannot be compared"):
        check_paired(tau, tvd)


def test_the_gap_between_equal_measurements_is_exactly_zero(agreement, measured):
    values = [*np.random.default_rng(0).uniform(-1, 1, 20), "saturated"]
    claim = agreement()
    assert largest_gap(measured(claim, values), measured(claim, values)) == 0


def test_the_gap_is_the_largest_difference_as_a_share_of_the_range(agreement, measured):
    claim = agreement()
    old, new = measured(claim, [0.1, 0.2, -0.3]), measured(claim, [0.1, 0.25, -0.5])
    assert largest_gap(old, new) == pytest.approx(0.2 / 2)
    assert largest_gap(new, old) == largest_gap(old, new)


def test_a_bound_that_moved_is_a_gap_where_no_value_moved(adversary, measured):
    claim = adversary()
    old, new = (measured(claim, [0.5], upper=[upper]) for upper in (0.6, 0.9))
    assert largest_gap(old, new) == pytest.approx(0.3)


def test_a_value_in_one_measurement_only_is_an_infinite_gap(agreement, measured):
    claim = agreement()
    assert largest_gap(measured(claim, ["saturated"]), measured(claim, [0.0])) == math.inf


def test_without_a_defined_value_there_is_no_gap(agreement, measured):
    causes = measured(agreement(), ["saturated", "saturated"])
    assert largest_gap(causes, causes) == 0
