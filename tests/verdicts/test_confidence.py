import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.errors import InvalidArgumentError
from attnaudit.verdicts import CONFIDENCE_GROUPS, confidence_group


@pytest.mark.parametrize(
    ("confidence", "name"),
    [
        (0.1, "below 0.75"),
        (math.nextafter(0.75, 0), "below 0.75"),
        (0.75, "0.75-0.95"),
        (math.nextafter(0.95, 0), "0.75-0.95"),
        (0.95, "0.95-0.99"),
        (math.nextafter(0.99, 0), "0.95-0.99"),
        (0.99, "0.99+"),
        (1.0, "0.99+"),
    ],
)
def test_a_confidence_belongs_to_the_group_that_begins_at_or_before_it(confidence, name):
    assert confidence_group(confidence) == name


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=10))
def test_no_document_is_in_a_lower_group_than_a_less_confident_one(confidences):
    places = [CONFIDENCE_GROUPS.index(confidence_group(one)) for one in sorted(confidences)]

    assert all(before <= after for before, after in itertools.pairwise(places))


def test_a_probability_of_single_precision_may_exceed_one_by_rounding():
    assert confidence_group(1 + 1.2e-7) == "0.99+"


@pytest.mark.parametrize("wrong", [math.nan, -0.01, 1.01, 4.6, math.inf])
def test_what_is_no_probability_has_no_group(wrong):
    with pytest.raises(InvalidArgumentError, match="must be a probability"):
        confidence_group(wrong)
