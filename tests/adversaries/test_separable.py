import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from attnaudit.adversaries.separable import (
    chord,
    chord_from_zero_to_one,
    divergence,
    tangent,
    terms,
)

WEIGHTS = st.lists(st.integers(0, 5), min_size=4, max_size=4).filter(any).map(np.array)


@given(WEIGHTS, WEIGHTS)
@settings(max_examples=60, deadline=None)
def test_the_terms_sum_to_the_divergence_that_scipy_has(attention, weights):
    attention, weights = attention / attention.sum(), weights / weights.sum()
    [ours] = divergence(attention, weights[None])
    assert ours == pytest.approx(jensenshannon(attention, weights) ** 2, abs=1e-12)


@given(WEIGHTS, st.floats(0, 0.4), st.floats(0.5, 1), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_between_its_ends_a_chord_lies_above_and_meets_them(attention, low, high, share):
    attention = attention / attention.sum()
    low, high = np.full(4, low), np.full(4, high)
    at = low + share * (high - low)
    line = terms(attention, low) + chord(attention, low, high) * (at - low)
    assert (line >= terms(attention, at) - 1e-12).all()
    end = terms(attention, low) + chord(attention, low, high) * (high - low)
    np.testing.assert_allclose(end, terms(attention, high), atol=1e-12)


@given(WEIGHTS, st.floats(0.01, 1), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_a_tangent_lies_below(attention, at, other):
    attention = attention / attention.sum()
    at, other = np.full(4, at), np.full(4, other)
    line = terms(attention, at) + tangent(attention, at) * (other - at)
    assert (line <= terms(attention, other) + 1e-12).all()


def test_the_chords_over_the_whole_range_are_exact_at_a_single_token():
    attention = np.array([0.6, 0.3, 0.1])
    values = divergence(attention, np.eye(3))
    slopes = chord_from_zero_to_one(attention)
    np.testing.assert_allclose(values, 0.5 * np.log(2) + slopes)
