from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.measurements.others import sum_of_others


@settings(max_examples=60, deadline=None)
@given(
    exponents=st.lists(st.integers(-300, 0), min_size=1, max_size=9),
    digits=st.lists(st.integers(1, 9), min_size=9, max_size=9),
)
def test_the_others_keep_their_digits_however_large_the_one_is(exponents, digits):
    values = [digit * 10.0**power for digit, power in zip(digits, exponents, strict=False)]
    found = sum_of_others(torch.tensor([values], dtype=torch.float64))[0].tolist()
    for token, number in enumerate(found):
        exact = sum((Fraction(value) for value in values), Fraction(0)) - Fraction(values[token])
        assert number == pytest.approx(float(exact), rel=1e-14, abs=0)


def test_the_only_token_has_no_others_and_padding_adds_nothing():
    assert sum_of_others(torch.tensor([[2.0]], dtype=torch.float64)).tolist() == [[0.0]]
    padded = torch.tensor([[2.0, 0.0], [1.0, 5.0]], dtype=torch.float64)
    assert sum_of_others(padded).tolist() == [[0.0, 2.0], [5.0, 1.0]]
