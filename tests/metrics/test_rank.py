import math

import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.errors import InvalidArgumentError
from attnaudit.metrics import kendall_tau


def all_real(values):
    return torch.ones(values.shape, dtype=torch.bool)


def tau_b_by_pairs(x, y):
    """Kendall's tau-b, counted pair by pair."""
    concordance = x_pairs = y_pairs = 0
    for i in range(len(x)):
        for j in range(i):
            x_sign = (x[i] > x[j]) - (x[i] < x[j])
            y_sign = (y[i] > y[j]) - (y[i] < y[j])
            concordance += x_sign * y_sign
            x_pairs += x_sign != 0
            y_pairs += y_sign != 0
    return concordance / math.sqrt(x_pairs * y_pairs)


@pytest.mark.parametrize("length", [2, 3, 8, 33, 34, 120])
@pytest.mark.parametrize("levels", [3, 10**6])
def test_statistic_and_pvalue_equal_scipys_with_and_without_ties(length, levels):
    rng = np.random.default_rng(length)
    x, y = rng.integers(1, levels, size=(2, 6, length))
    x[:, 0], y[:, 0] = levels, levels
    tau = kendall_tau(torch.tensor(x).double(), torch.tensor(y).double(), all_real(torch.tensor(x)))
    expected = [scipy.stats.kendalltau(a, b) for a, b in zip(x, y, strict=True)]
    for row, result in enumerate(expected):
        if tau.undefined[row] is None:
            assert tau.statistic[row].item() == result.statistic
            assert tau.pvalue[row].item() == result.pvalue
        else:
            assert math.isnan(result.statistic)
    assert None in tau.undefined


@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=2, max_size=8).filter(
        lambda pairs: len({a for a, _ in pairs}) > 1 and len({b for _, b in pairs}) > 1
    )
)
@settings(max_examples=80, deadline=None)
def test_the_statistic_is_the_one_counted_pair_by_pair(pairs):
    x, y = (torch.tensor([side], dtype=torch.float64) for side in zip(*pairs, strict=True))
    ours = kendall_tau(x, y, all_real(x)).statistic.item()
    torch.testing.assert_close(ours, tau_b_by_pairs(x[0].tolist(), y[0].tolist()))


def test_padding_has_no_part_in_the_correlation():
    x = torch.tensor([[0.5, 0.3, 0.2, 0.0, 0.0]])
    y = torch.tensor([[0.9, 0.1, 0.4, math.nan, 5.0]])
    mask = torch.tensor([[True, True, True, False, False]])
    padded = kendall_tau(x, y, mask)
    alone = kendall_tau(x[:, :3], y[:, :3], mask[:, :3])
    assert padded.statistic.item() == alone.statistic.item() == pytest.approx(1 / 3)
    assert padded.pvalue.item() == alone.pvalue.item()


def test_scaling_either_side_changes_nothing():
    x, y = torch.rand(2, 5, 20, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    plain, scaled = (
        kendall_tau(x, y, all_real(x)),
        kendall_tau(1e-30 * x, 1e30 * y, all_real(x)),
    )
    assert plain.statistic.tolist() == scaled.statistic.tolist()


def test_float32_rounding_makes_ties_and_not_an_order():
    importance = torch.tensor([[0.3, 0.3, 0.3, 0.9]])
    jittered = importance + torch.tensor([[1e-8, 5e-8, 3e-8, 0.0]])
    attention = torch.tensor([[0.1, 0.2, 0.3, 0.4]])
    plain, noisy = (kendall_tau(attention, y, all_real(y)) for y in (importance, jittered))
    assert plain.statistic.item() == noisy.statistic.item()
    assert noisy.statistic.item() < 1


def test_the_cause_of_an_undefined_row_is_named():
    varied, equal = [0.2, 0.5, 0.3], [1 / 3] * 3
    x = torch.tensor([varied, equal, varied, equal, [1.0, 0.0, 0.0]])
    y = torch.tensor([varied, varied, [0.0] * 3, equal, varied])
    mask = torch.ones(5, 3, dtype=torch.bool)
    mask[4, 1:] = False
    tau = kendall_tau(x, y, mask)
    assert tau.undefined == (
        None,
        "constant attention",
        "constant importance",
        "constant attention",
        "one token",
    )
    assert tau.statistic.isnan().tolist() == tau.pvalue.isnan().tolist() == [False] + [True] * 4


def test_the_caller_names_the_sides():
    flat = torch.full((1, 3), 0.2)
    tau = kendall_tau(flat, flat, all_real(flat), names=("gradient", "deletion"))
    assert tau.undefined == ("constant gradient",)


def test_attention_that_is_uniform_up_to_a_millionth_of_its_share_is_constant():
    tokens = 50
    nearly = torch.full((1, tokens), 1 / tokens, dtype=torch.float64)
    nearly[0, 0] += 0.9e-6 / tokens
    clearly = nearly.clone()
    clearly[0, 0] += 5e-6 / tokens
    other = torch.arange(tokens, dtype=torch.float64).unsqueeze(0)
    assert kendall_tau(nearly, other, all_real(other)).undefined == ("constant attention",)
    assert kendall_tau(clearly, other, all_real(other)).undefined == (None,)


def test_the_result_does_not_depend_on_the_other_rows():
    x, y = torch.rand(2, 4, 9, generator=torch.Generator().manual_seed(3))
    together = kendall_tau(x, y, all_real(x))
    alone = [
        kendall_tau(x[i : i + 1], y[i : i + 1], all_real(x[:1])).pvalue.item() for i in range(4)
    ]
    assert together.pvalue.tolist() == alone


def test_no_rows_give_no_correlations():
    empty = torch.zeros(0, 3)
    tau = kendall_tau(empty, empty, all_real(empty))
    assert tau.statistic.shape == tau.pvalue.shape == (0,)
    assert tau.undefined == ()


def test_a_value_that_is_not_finite_is_an_error_and_not_an_undefined_row():
    x = torch.tensor([[0.5, 0.5]])
    with pytest.raises(InvalidArgumentError, match=r"importance must be finite; entry \[0, 1\]"):
        kendall_tau(x, torch.tensor([[0.0, math.inf]]), all_real(x))


def test_in_float64_peaked_attention_keeps_the_order_of_its_tail():
    generator = torch.Generator().manual_seed(0)
    scores = 3 * torch.randn(20, 200, generator=generator, dtype=torch.float64)
    x, y = scores.softmax(dim=1), torch.rand(20, 200, generator=generator, dtype=torch.float64)
    found = kendall_tau(x, y, all_real(x))
    expected = [scipy.stats.kendalltau(a, b) for a, b in zip(x.numpy(), y.numpy(), strict=True)]
    assert found.statistic.tolist() == pytest.approx([one.statistic for one in expected], abs=1e-12)
    assert found.pvalue.tolist() == pytest.approx([one.pvalue for one in expected], abs=1e-12)


@pytest.mark.parametrize(("dtype", "noise"), [(torch.float32, 1e-7), (torch.float64, 1e-14)])
def test_noise_on_equal_values_never_parts_them(dtype, noise):
    generator = torch.Generator().manual_seed(1)
    levels = torch.randint(1, 6, (50, 30), generator=generator).to(dtype) / 7
    jitter = 1 + noise * (2 * torch.rand(50, 30, generator=generator).to(dtype) - 1)
    y = torch.rand(50, 30, generator=generator).to(dtype)
    plain, noisy = (kendall_tau(x, y, all_real(x)) for x in (levels, levels * jitter))
    assert noisy.statistic.tolist() == plain.statistic.tolist()
