import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.metrics import weighted_tau


def by_pairs(x, y):
    """Vigna's definition without ties: every pair, weighted by the ranks of either side."""

    def weighted_by(side):
        rank = {place: rank for rank, place in enumerate(np.argsort(-side))}
        total = agreed = 0.0
        for i in range(len(x)):
            for j in range(i):
                weight = 1 / (rank[i] + 1) + 1 / (rank[j] + 1)
                total += weight
                agreed += weight * np.sign((x[i] - x[j]) * (y[i] - y[j]))
        return agreed / total

    return (weighted_by(x) + weighted_by(y)) / 2


@given(st.permutations(range(9)), st.permutations(range(9)))
@settings(max_examples=40, deadline=None)
def test_it_is_the_one_counted_pair_by_pair(x, y):
    x, y = np.array(x, dtype=float), np.array(y, dtype=float)
    sides = [torch.from_numpy(side).unsqueeze(0) for side in (x, y)]
    found = weighted_tau(*sides, torch.ones(1, 9, dtype=torch.bool))
    assert found.statistic.item() == pytest.approx(by_pairs(x, y), abs=1e-12)


def test_on_ragged_rows_with_ties_it_is_scipys_of_the_real_tokens():
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 6, size=(2, 20, 30)) / 6
    mask = rng.random((20, 30)) < 0.6
    found = weighted_tau(torch.from_numpy(x), torch.from_numpy(y), torch.from_numpy(mask))
    expected = [
        scipy.stats.weightedtau(x[row, real], y[row, real]).statistic
        for row, real in enumerate(mask)
    ]
    assert found.statistic.tolist() == pytest.approx(expected, abs=1e-12)


def test_noise_in_the_tail_costs_less_than_noise_at_the_top():
    order = torch.arange(20.0, 0, -1).unsqueeze(0)
    top, tail = order.clone(), order.clone()
    top[0, :2], tail[0, -2:] = torch.tensor([19.0, 20.0]), torch.tensor([1.0, 2.0])
    real = torch.ones(1, 20, dtype=torch.bool)
    at_top, at_tail = (weighted_tau(order, one, real).statistic.item() for one in (top, tail))
    assert at_top < at_tail < 1


def test_a_constant_row_has_none():
    flat, varied = torch.full((1, 4), 0.25), torch.tensor([[0.1, 0.2, 0.3, 0.4]])
    found = weighted_tau(varied, flat, torch.ones(1, 4, dtype=torch.bool))
    assert found.undefined == ("constant importance",)
    assert found.statistic.isnan().item()
