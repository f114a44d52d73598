import statistics

import pytest
import scipy.stats
import torch

from attnaudit.measurements.mean_tau import mean_tau

LENGTHS = (9, 2, 1, 14)
NAMES = ("one", "other")


def sides(count, *, seed=0):
    generator = torch.Generator().manual_seed(seed)
    shape = (len(LENGTHS), max(LENGTHS))
    return [torch.rand(shape, generator=generator, dtype=torch.float64) for _ in range(count)]


@pytest.fixture
def mask():
    return torch.arange(max(LENGTHS)) < torch.tensor(LENGTHS).unsqueeze(1)


def test_it_is_the_mean_of_scipys_correlations(mask):
    first, second, third = sides(3)
    found = mean_tau([(first, third), (second, third)], mask, names=NAMES)
    for row, length in enumerate(LENGTHS):
        if length == 1:
            continue
        expected = statistics.fmean(
            scipy.stats.kendalltau(side[row, :length], third[row, :length]).statistic
            for side in (first, second)
        )
        assert float(found.mean[row]) == pytest.approx(expected, abs=1e-12)
    assert found.undefined == (None, None, "one token", None)


def test_one_correlation_without_a_value_leaves_the_mean_without_one(mask):
    first, second = sides(2)
    constant = first.clone()
    constant[0] = 0.5
    found = mean_tau([(first, second), (constant, second)], mask, names=NAMES)
    assert found.undefined[0] == "constant one"
    assert found.mean[0].isnan()
    assert found.undefined[1] is None
    assert not found.mean[1].isnan()
