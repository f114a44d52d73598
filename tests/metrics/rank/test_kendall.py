import math

import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.errors import InvalidArgumentError
from attnaudit.metrics import kendall_tau
from attnaudit.metrics.rank import rows


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


@pytest.mark.parametrize("length", [2, 3, 8, 33, 34, 120, 400])
@pytest.mark.parametrize("levels", [3, 10**6])
def test_statistic_and_pvalue_equal_scipys_with_and_without_ties(length, levels):
    rng = np.random.default_rng(length)
    x, y = rng.integers(1, levels, size=(2, 6, length))
    x[:, 0], y[:, 0] = levels, levels
    tau = kendall_tau(torch.tensor(x).double(), torch.tensor(y).double(), all_real(torch.tensor(x)))
    expected = [scipy.stats.kendalltau(a, b) for a, b in zip(x, y, strict=True)]
    for row, result in enumerate(expected):
        if tau.undefined[row] is None:
            assert tau.statistic[row].item() == pytest.approx(result.statistic, rel=1e-12, abs=0)
            assert tau.pvalue[row].item() == pytest.approx(result.pvalue, rel=1e-12, abs=0)
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


@given(st.integers(1, 70), st.sampled_from([2, 5, 40, 10**5]), st.integers(0, 2**32), st.booleans())
@settings(max_examples=60, deadline=None)
def test_ragged_rows_have_scipys_results_whatever_their_neighbours(longest, levels, seed, single):
    rng = np.random.default_rng(seed)
    # In single precision, values nearer than 1e-6 tie in a row that goes up to 1.
    x, y = rng.integers(-levels, levels, size=(2, 7, longest)) / levels
    mask = rng.random((7, longest)) < rng.random((7, 1))
    mask[np.arange(7), rng.integers(0, longest, 7)] = True
    dtype = torch.float32 if single else torch.float64
    sides = [torch.from_numpy(side).to(dtype) for side in (x, y)]
    found = kendall_tau(*sides, torch.from_numpy(mask))
    for row, real in enumerate(mask):
        if real.sum() == 1:
            assert found.undefined[row] == "one token"
            continue
        expected = scipy.stats.kendalltau(x[row, real], y[row, real])
        if found.undefined[row] is None:
            assert found.statistic[row].item() == pytest.approx(expected.statistic, abs=1e-12)
            assert found.pvalue[row].item() == pytest.approx(expected.pvalue, rel=1e-12)
        else:
            assert math.isnan(expected.statistic)


@pytest.mark.parametrize("length", [20, 33, 34, 100, 180])
def test_an_order_with_no_pair_or_one_out_of_place_has_the_exact_pvalue_at_any_length(length):
    x = torch.arange(length, dtype=torch.float64).repeat(4, 1)
    y = x.clone()
    y[1, :2] = torch.tensor([1.0, 0.0])
    y[2:] = -y[:2]
    found = kendall_tau(x, y, all_real(x)).pvalue.tolist()
    expected = [scipy.stats.kendalltau(a, b).pvalue for a, b in zip(x, y, strict=True)]
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-308)
    assert found[0] == found[2] < found[1] == found[3] or found[1] == 0


@pytest.mark.parametrize("levels", [50, 10**9])
def test_rows_of_thousands_of_tokens_have_scipys_results(levels):
    rng = np.random.default_rng(levels)
    x, y = rng.integers(0, levels, size=(2, 3, 4000))
    y += x // 3
    found = kendall_tau(*(torch.from_numpy(one).double() for one in (x, y)), all_real(x))
    expected = [scipy.stats.kendalltau(a, b) for a, b in zip(x, y, strict=True)]
    assert found.statistic.tolist() == pytest.approx([one.statistic for one in expected], rel=1e-12)
    assert found.pvalue.tolist() == pytest.approx([one.pvalue for one in expected], rel=1e-12)


@given(st.integers(2, 40), st.sampled_from([3, 1000]), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_moving_tokens_changes_nothing_and_negating_a_side_changes_the_sign(length, levels, seed):
    generator = torch.Generator().manual_seed(seed)
    x, y = torch.randint(levels, (2, 5, length), generator=generator).double()
    order = torch.randperm(length, generator=generator)
    plain, moved, negated, exchanged = (
        kendall_tau(first, second, all_real(x))
        for first, second in ((x, y), (x[:, order], y[:, order]), (x, -y), (y, x))
    )
    for other, sign in ((moved, 1), (negated, -1), (exchanged, 1)):
        torch.testing.assert_close(
            other.statistic, sign * plain.statistic, rtol=0, atol=1e-15, equal_nan=True
        )
        torch.testing.assert_close(other.pvalue, plain.pvalue, rtol=1e-14, atol=0, equal_nan=True)


def test_subnormal_weights_keep_their_order():
    tiny = 5e-324
    x = torch.tensor([[3 * tiny, tiny, 2 * tiny, 0.0]], dtype=torch.float64)
    y = torch.tensor([[4.0, 2.0, 3.0, 1.0]], dtype=torch.float64)
    assert kendall_tau(x, y, all_real(x)).statistic.item() == 1


def test_a_row_whose_neighbours_are_all_ties_is_constant_though_its_range_is_wider():
    chain = torch.tensor([[1 - 1.6e-6, 1 - 0.8e-6, 1.0]])
    other = torch.tensor([[1.0, 3.0, 2.0]])
    assert (chain.max() - chain.min()).item() > 1e-6
    assert kendall_tau(chain, other, all_real(chain)).undefined == ("constant attention",)
    apart = torch.tensor([[1 - 3e-6, 1 - 1.5e-6, 1.0]])
    assert kendall_tau(apart, other, all_real(apart)).undefined == (None,)


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


@pytest.mark.parametrize("at_once", [1, 200, 2**16])
def test_the_result_does_not_depend_on_the_other_rows(monkeypatch, at_once):
    monkeypatch.setattr(rows, "TOKENS_AT_ONCE_ON_A_CPU", at_once)
    generator = torch.Generator().manual_seed(3)
    x, y = torch.rand(2, 40, 150, generator=generator, dtype=torch.float64)
    y = (9 * y).round()
    mask = torch.arange(150) < torch.randint(1, 151, (40, 1), generator=generator)
    together = kendall_tau(x, y, mask)
    alone = [kendall_tau(x[[row]], y[[row]], mask[[row]]) for row in range(40)]
    for name in ("statistic", "pvalue"):
        torch.testing.assert_close(
            getattr(together, name),
            torch.cat([getattr(one, name) for one in alone]),
            rtol=0,
            atol=0,
            equal_nan=True,
        )
    assert together.undefined == tuple(cause for one in alone for cause in one.undefined)


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


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
@pytest.mark.parametrize("levels", [9, 10**9])
def test_on_a_gpu_every_number_is_that_of_the_cpu(levels):
    generator = torch.Generator().manual_seed(levels)
    x, y = torch.randint(levels, (2, 60, 400), generator=generator).double() / levels
    mask = torch.arange(400) < torch.randint(1, 401, (60, 1), generator=generator)
    here, there = kendall_tau(x, y, mask), kendall_tau(x.cuda(), y.cuda(), mask.cuda())
    assert there.statistic.is_cuda
    assert there.undefined == here.undefined
    for name in ("statistic", "pvalue"):
        pair = (getattr(there, name).cpu(), getattr(here, name))
        torch.testing.assert_close(*pair, rtol=0, atol=0, equal_nan=True)
