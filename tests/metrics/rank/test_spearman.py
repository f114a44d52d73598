import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.metrics import spearman_rho


@given(st.integers(2, 60), st.sampled_from([2, 4, 10**5]), st.integers(0, 2**32), st.booleans())
@settings(max_examples=60, deadline=None)
def test_rho_is_scipys_on_ragged_rows_with_and_without_ties(longest, levels, seed, single):
    rng = np.random.default_rng(seed)
    # In single precision, values nearer than 4e-6 tie in a row that goes up to 4.
    x, y = rng.integers(-levels, levels, size=(2, 5, longest)) / levels
    mask = rng.random((5, longest)) < 0.8
    mask[:, :2] = True
    x[:, 0], y[:, 0], x[:, 1], y[:, 1] = 1, 2, 3, 4
    dtype = torch.float32 if single else torch.float64
    found = spearman_rho(
        *(torch.from_numpy(side).to(dtype) for side in (x, y)), torch.from_numpy(mask)
    )
    expected = [
        scipy.stats.spearmanr(x[row, real], y[row, real]).statistic for row, real in enumerate(mask)
    ]
    assert found.statistic.tolist() == pytest.approx(expected, abs=1e-12)
    assert found.undefined == (None,) * 5


def test_a_constant_row_and_one_of_one_token_have_none():
    x = torch.tensor([[0.5, 0.5, 0.5], [0.2, 0.3, 0.5], [0.2, 0.3, 0.5]])
    y = torch.tensor([[0.2, 0.3, 0.5], [0.2, 0.3, 0.5], [0.2, 0.3, 0.5]])
    mask = torch.tensor([[True, True, True], [True, False, False], [True, True, True]])
    found = spearman_rho(x, y, mask)
    assert found.undefined == ("constant attention", "one token", None)
    assert found.statistic.isnan().tolist() == [True, True, False]
    assert found.statistic[2] == 1
