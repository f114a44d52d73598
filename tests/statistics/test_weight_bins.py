"""Each document is in one bin of its largest attention weight."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.statistics.weight_bins import BIN_NAMES, weight_bins


@settings(max_examples=50, deadline=None)
@given(weights=st.lists(st.floats(0, 1), max_size=30))
def test_no_document_is_in_two_bins_or_in_none(weights):
    assert np.sum(weight_bins(np.array(weights)), axis=0).tolist() == [1] * len(weights)


@pytest.mark.parametrize(
    ("weight", "name"),
    [(0.0, "0 to 0.25"), (0.25, "0.25 to 0.5"), (0.75, "0.75 to 1"), (1.0, "0.75 to 1")],
)
def test_a_bin_holds_its_lower_end_and_only_the_last_its_upper(weight, name):
    [found] = [
        one for one, mask in zip(BIN_NAMES, weight_bins(np.array([weight])), strict=True) if mask[0]
    ]
    assert found == name
