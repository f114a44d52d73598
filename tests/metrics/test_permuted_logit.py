import inspect
import itertools
import math
import statistics

import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from attnaudit.errors import InvalidArgumentError
from attnaudit.metrics.permuted_logit import permuted_logit


def one_row(weights, logits):
    weights = torch.tensor([weights], dtype=torch.float64)
    logits = torch.tensor([logits], dtype=torch.float64)
    return permuted_logit(weights, logits, torch.ones_like(weights, dtype=torch.bool))


def dot(weights, logits):
    return math.fsum(weight * logit for weight, logit in zip(weights, logits, strict=True))


@st.composite
def documents(draw, most=6):
    length = draw(st.integers(2, most))
    # Whole numbers, so that neither side is constant up to rounding without being so.
    sizes = draw(st.lists(st.integers(0, 20), min_size=length, max_size=length).filter(any))
    logits = draw(st.lists(st.integers(-9, 9), min_size=length, max_size=length))
    return [size / sum(sizes) for size in sizes], [logit / 2 for logit in logits]


@settings(max_examples=60, deadline=None)
@given(documents())
def test_moments_are_those_of_the_logit_over_every_single_order(document):
    weights, logits = document
    found = one_row(weights, logits)
    every = [dot(order, logits) for order in itertools.permutations(weights)]
    assert found.mean.item() == pytest.approx(statistics.fmean(every), abs=1e-12)
    assert found.deviation.item() == pytest.approx(statistics.pstdev(every), abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(documents(most=30))
def test_the_own_logit_lies_alignment_times_root_t_minus_1_deviations_from_the_mean(document):
    weights, logits = document
    found = one_row(weights, logits)
    varies = len(set(weights)) > 1 and len(set(logits)) > 1
    assert (found.undefined == (None,)) == varies
    assume(varies)
    from_mean = found.alignment * math.sqrt(len(weights) - 1) * found.deviation
    assert (found.mean + from_mean).item() == pytest.approx(dot(weights, logits), abs=1e-12)
    expected = scipy.stats.pearsonr(weights, logits).statistic
    assert found.alignment.item() == pytest.approx(expected, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(documents(), st.integers(-20, 20), st.sampled_from([-3.0, 0.5, 8.0]))
def test_a_shift_moves_the_mean_alone_and_a_factor_scales_all_but_the_size_of_alignment(
    document, shift, factor
):
    weights, logits = document
    before = one_row(weights, logits)
    after = one_row(weights, [factor * logit + shift for logit in logits])
    assert after.mean.item() == pytest.approx(factor * before.mean.item() + shift, abs=1e-9)
    assert after.deviation.item() == pytest.approx(abs(factor) * before.deviation.item(), abs=1e-9)
    assert after.undefined == before.undefined
    assert after.alignment.item() == pytest.approx(
        math.copysign(1, factor) * before.alignment.item(), abs=1e-9, nan_ok=True
    )


@pytest.mark.parametrize("size", [1e-300, 1e-170, 1e170, 1e300])
def test_logits_of_any_size_have_the_alignment_of_ordinary_ones(size):
    weights, logits = [0.5, 0.3, 0.15, 0.05], [2.0, -1.0, 0.5, 4.0]
    ordinary = one_row(weights, logits)
    found = one_row(weights, [size * logit for logit in logits])
    assert found.alignment.item() == pytest.approx(ordinary.alignment.item(), rel=1e-12)
    assert found.deviation.item() == pytest.approx(size * ordinary.deviation.item(), rel=1e-12)
    assert found.mean.item() == pytest.approx(size * ordinary.mean.item(), rel=1e-12)
    assert found.undefined == (None,)


def test_moments_are_those_of_many_random_orders_of_a_long_document():
    generator = np.random.default_rng(0)
    weights, logits = generator.dirichlet(np.full(200, 0.3)), generator.normal(1, 2, 200)
    found = one_row(weights.tolist(), logits.tolist())
    draws = generator.permuted(np.tile(weights, (20_000, 1)), axis=1) @ logits
    deviation = found.deviation.item()
    # Five standard errors of a mean, and of a standard deviation of nearly normal numbers.
    assert draws.mean() == pytest.approx(found.mean.item(), abs=5 * deviation / 20_000**0.5)
    assert draws.std() == pytest.approx(deviation, abs=5 * deviation / 40_000**0.5)


def test_padding_and_neighbours_change_nothing():
    weights = torch.tensor([[0.5, 0.2, 0.2, 0.1], [0.7, 0.3, 0.0, 0.0]], dtype=torch.float64)
    logits = torch.tensor([[1.0, 2.0, 0.0, 4.0], [3.0, -1.0, math.nan, 1e9]], dtype=torch.float64)
    mask = torch.tensor([[True] * 4, [True, True, False, False]])
    together = permuted_logit(weights, logits, mask)
    for row, length in enumerate((4, 2)):
        alone = one_row(weights[row, :length].tolist(), logits[row, :length].tolist())
        for name in ("mean", "deviation", "alignment"):
            found = getattr(together, name)[row]
            torch.testing.assert_close(found, getattr(alone, name)[0], atol=1e-15, rtol=0)


def test_single_precision_is_computed_with_in_double():
    weights = torch.tensor([[0.5, 0.3, 0.2]])
    logits = torch.tensor([[1.0, 0.25, -3.0]])
    mask = torch.ones(1, 3, dtype=torch.bool)
    coarse = permuted_logit(weights, logits, mask)
    fine = permuted_logit(weights.double(), logits.double(), mask)
    assert coarse.deviation.dtype == torch.float64
    torch.testing.assert_close(coarse.deviation, fine.deviation, atol=0, rtol=0)
    torch.testing.assert_close(coarse.alignment, fine.alignment, atol=0, rtol=0)


@pytest.mark.parametrize(
    ("weights", "logits", "cause"),
    [
        ([1.0], [3.0], "one token"),
        ([0.25] * 4, [1.0, 2.0, 3.0, 4.0], "constant attention"),
        ([0.2 + 1e-9, 0.2, 0.2, 0.2, 0.2 - 1e-9], [1, 2, 3, 4, 5], "constant attention"),
        ([0.7, 0.3], [-5.0, -5.0], "constant logits"),
        ([0.7, 0.3], [0.0, 0.0], "constant logits"),
        ([0.5, 0.5], [2.0, 2.0], "constant attention"),
        ([0.5 + 1e-5, 0.5 - 1e-5], [2.0, 3.0], None),
    ],
)
def test_alignment_needs_two_tokens_and_two_sides_that_vary(weights, logits, cause):
    found = one_row(weights, logits)
    assert found.undefined == (cause,)
    assert math.isnan(found.alignment.item()) == (cause is not None)
    assert found.mean.item() == pytest.approx(statistics.fmean(logits))
    if cause is not None:
        assert found.deviation.item() == pytest.approx(0.0, abs=1e-8)


def test_logits_as_weights_align_fully_and_their_opposite_not_at_all():
    weights = [0.5, 0.3, 0.15, 0.05]
    assert one_row(weights, weights).alignment.item() == pytest.approx(1.0)
    assert one_row(weights, [-weight for weight in weights]).alignment.item() == pytest.approx(-1.0)


def test_what_is_no_attention_or_no_number_is_refused():
    mask = torch.ones(1, 2, dtype=torch.bool)
    half = torch.tensor([[0.5, 0.5]])
    with pytest.raises(InvalidArgumentError, match="attention must sum to 1"):
        permuted_logit(2 * half, half, mask)
    with pytest.raises(InvalidArgumentError, match="logits must be finite"):
        permuted_logit(half, torch.tensor([[math.inf, 0.0]]), mask)
    # Past the shape annotations, which only tests execute.
    unchecked = inspect.unwrap(permuted_logit)
    with pytest.raises(InvalidArgumentError, match="attention and logits must have the same shape"):
        unchecked(half, torch.tensor([[1.0]]), mask)
