import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.adversaries import exact_adversary, pairwise
from attnaudit.adversaries.pairwise import pairwise_bound
from attnaudit.adversaries.separable import divergence
from attnaudit.models.readout import LinearReadout


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@given(st.integers(0, 10_000), st.sampled_from([0.01, 0.05, 0.3]))
@settings(max_examples=30, deadline=None)
def test_every_distribution_within_the_distance_lies_in_the_slab_of_every_pair(seed, max_tvd):
    rng = np.random.default_rng(seed)
    own = rng.dirichlet(np.full(4, 0.5))
    other = rng.dirichlet(np.full(4, 0.5), size=200)
    away = other - own
    away *= np.minimum(1, max_tvd / (0.5 * np.abs(away).sum(axis=1, keepdims=True)))
    near = own + away
    first, second = np.triu_indices(4, 1)
    difference = torch.from_numpy(np.log(own[first] / own[second]))
    slab = pairwise._slab(difference, own[first], own[second], max_tvd=max_tvd)
    ratios = np.log(near[:, first] / near[:, second])
    assert (ratios >= slab.low.numpy() - 1e-9).all()
    assert (ratios <= slab.high.numpy() + 1e-9).all()


def test_either_end_of_a_slab_is_attained_by_moving_all_of_it_from_one_class_to_the_other():
    own = np.array([0.5, 0.3, 0.2])
    difference = torch.tensor([math.log(0.5 / 0.3)], dtype=torch.float64)
    low, high = pairwise._slab(difference, own[:1], own[1:2], max_tvd=0.05)
    assert low.item() == pytest.approx(math.log(0.45 / 0.35))
    assert high.item() == pytest.approx(math.log(0.55 / 0.25))


def test_two_classes_are_bounded_by_their_exact_maximum():
    rng = np.random.default_rng(0)
    attention, logits = rng.dirichlet(np.ones(9)), rng.standard_normal((9, 2))
    readout = LinearReadout(torch.from_numpy(logits)[None], torch.zeros(2).double(), "softmax")
    exact = exact_adversary(
        torch.from_numpy(attention)[None],
        torch.ones(1, 9, dtype=torch.bool),
        readout,
        max_tvd=0.05,
    )
    bound = pairwise_bound(attention, logits, softmax(attention @ logits), max_tvd=0.05)
    assert bound == pytest.approx(exact.divergence.item(), abs=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_no_random_admissible_attention_exceeds_it(seed):
    rng = np.random.default_rng(seed)
    attention, logits = rng.dirichlet(np.ones(4)), 2 * rng.standard_normal((4, 3))
    own = softmax(attention @ logits)
    bound = pairwise_bound(attention, logits, own, max_tvd=0.1)
    points = rng.dirichlet(np.full(4, 0.4), size=100_000)
    kept = 0.5 * np.abs(softmax(points @ logits) - own).sum(axis=1) <= 0.1
    assert kept.sum() > 50
    assert divergence(attention, points[kept]).max() <= bound


def test_pairs_a_few_at_a_time_give_the_same_bound(monkeypatch):
    rng = np.random.default_rng(1)
    attention, logits = rng.dirichlet(np.ones(6)), 2 * rng.standard_normal((6, 5))
    own = softmax(attention @ logits)
    whole = pairwise_bound(attention, logits, own, max_tvd=0.05)
    monkeypatch.setattr(pairwise, "ENTRIES_AT_ONCE", 12)
    assert pairwise_bound(attention, logits, own, max_tvd=0.05) == whole
    assert whole < math.log(2)


def test_classes_that_may_all_vanish_bound_nothing():
    attention, logits = np.full(4, 0.25), np.zeros((4, 5))
    assert pairwise_bound(attention, logits, np.full(5, 0.2), max_tvd=0.3) == math.log(2)


def test_if_nothing_may_move_a_token_of_another_logit_is_out_of_reach():
    attention = np.array([0.5, 0.5, 0.0])
    logits = np.array([[1.0, 0.0], [1.0, 0.0], [3.0, 0.0]])
    bound = pairwise_bound(attention, logits, softmax(attention @ logits), max_tvd=0.0)
    [expected] = divergence(attention, np.array([[1.0, 0.0, 0.0]]))
    assert bound == pytest.approx(expected)
