import math

import pytest
import scipy.stats
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from attnaudit.errors import InvalidArgumentError
from attnaudit.metrics import entropy, jensen_shannon_divergence, total_variation_distance


@st.composite
def pairs_of_distributions(draw):
    entries = draw(st.integers(1, 6))
    weights = st.lists(st.integers(0, 5), min_size=entries, max_size=entries).filter(any)
    rows = torch.tensor([draw(weights), draw(weights)], dtype=torch.float64)
    return rows / rows.sum(dim=1, keepdim=True)


def test_jensen_shannon_divergence_equals_scipys_with_and_without_zeros(random_distributions):
    p, q = (random_distributions(40, 9, seed=seed) for seed in (0, 1))
    expected = torch.from_numpy(jensenshannon(p, q, axis=-1) ** 2)
    torch.testing.assert_close(jensen_shannon_divergence(p, q), expected)


def test_entropy_equals_scipys(random_distributions):
    p = random_distributions(40, 9, seed=2)
    torch.testing.assert_close(entropy(p), torch.from_numpy(scipy.stats.entropy(p, axis=-1)))


def test_total_variation_distance_equals_half_the_wasserstein_sum_of_a_loop(random_distributions):
    p, q = (random_distributions(20, 4, seed=seed) for seed in (3, 4))
    expected = [
        sum(max(a - b, 0) for a, b in zip(x, y, strict=True))
        for x, y in zip(p.tolist(), q.tolist(), strict=True)
    ]
    torch.testing.assert_close(total_variation_distance(p, q).tolist(), expected)


def test_one_sigmoid_as_two_classes_gives_the_change_of_the_probability():
    p = torch.tensor([[0.3, 0.7]], dtype=torch.float64)
    q = torch.tensor([[0.45, 0.55]], dtype=torch.float64)
    torch.testing.assert_close(total_variation_distance(p, q).item(), 0.15)


@given(pairs_of_distributions())
@settings(max_examples=60, deadline=None)
def test_the_divergence_is_symmetric_bounded_and_zero_only_for_equals(rows):
    p, q = rows
    forward, backward = jensen_shannon_divergence(p, q), jensen_shannon_divergence(q, p)
    torch.testing.assert_close(forward, backward)
    assert 0 <= forward <= math.log(2)
    assert (forward > 0) == bool((p - q).abs().max() > 1e-12)


@given(pairs_of_distributions(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_reordering_the_tokens_of_both_changes_no_distance(rows, random):
    order = random.sample(range(rows.shape[1]), rows.shape[1])
    for distance in (jensen_shannon_divergence, total_variation_distance):
        torch.testing.assert_close(distance(*rows), distance(*rows[:, order]))


@given(pairs_of_distributions())
@settings(max_examples=60, deadline=None)
def test_the_divergence_lies_between_the_bounds_that_total_variation_gives(rows):
    tvd = total_variation_distance(*rows).item()
    divergence = jensen_shannon_divergence(*rows).item()
    assert tvd**2 / 2 - 1e-12 <= divergence <= tvd * math.log(2) + 1e-12


def test_disjoint_distributions_reach_exactly_the_logarithm_of_two():
    corners = torch.eye(2, dtype=torch.float64)
    assert jensen_shannon_divergence(corners, corners.flip(0)).tolist() == [math.log(2)] * 2


def test_the_smallest_positive_weights_leave_the_divergence_finite():
    smallest = torch.tensor([[1e-45, 1.0, 0.0]])
    other = torch.tensor([[0.0, 1.0, 0.0]])
    assert smallest[0, 0] > 0
    assert jensen_shannon_divergence(smallest, other).tolist() == [0.0]


def test_float32_agrees_with_float64_to_its_precision(random_distributions):
    p, q = (random_distributions(40, 50, seed=seed) for seed in (5, 6))
    coarse = jensen_shannon_divergence(p.float(), q.float())
    assert coarse.dtype == torch.float32
    torch.testing.assert_close(
        coarse.double(), jensen_shannon_divergence(p, q), rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("distance", [jensen_shannon_divergence, total_variation_distance])
def test_what_is_no_distribution_is_refused_and_never_renormalised(distance):
    half = torch.tensor([[0.5, 0.5]])
    with pytest.raises(InvalidArgumentError, match="q must sum to 1"):
        distance(half, 2 * half)
    with pytest.raises(InvalidArgumentError, match="p must not be negative"):
        distance(half - 0.6, half)


def test_a_single_distribution_that_does_not_sum_to_one_is_refused():
    with pytest.raises(InvalidArgumentError, match=r"it sums to 0\.4"):
        entropy(torch.tensor([0.2, 0.2]))
