from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from attnaudit.adversaries import exact_adversary, vertices
from attnaudit.adversaries.slab import logit_slab
from attnaudit.models.readout import LinearReadout
from attnaudit.records import Bound

TOLERANCES = [0.0, 0.001, 0.05, 0.3, 0.9]


def all_real(values):
    return torch.ones(values.shape, dtype=torch.bool)


def one_row(values):
    return torch.tensor([values], dtype=torch.float64)


@st.composite
def small_units(draw):
    """Few tokens with ties among weights and scores, and weights of zero."""
    tokens = draw(st.integers(1, 6))
    weights = st.lists(st.integers(0, 4), min_size=tokens, max_size=tokens).filter(any)
    levels = st.lists(st.integers(-6, 6), min_size=tokens, max_size=tokens)
    attention = one_row(draw(weights))
    return attention / attention.sum(), one_row(draw(levels)) / 2


@given(small_units(), st.sampled_from(TOLERANCES), st.sampled_from([-1.3, 0.0, 0.7]))
@settings(max_examples=120, deadline=None)
def test_the_maximum_is_the_one_found_by_trying_every_corner(
    sigmoid_readout, slow_maximum, unit, max_tvd, bias
):
    attention, scores = unit
    found = exact_adversary(
        attention, all_real(scores), sigmoid_readout(scores, bias=bias), max_tvd=max_tvd
    )
    logits = [score + bias for score in scores[0].tolist()]
    expected = slow_maximum(attention[0].tolist(), logits, max_tvd=max_tvd)
    assert found.kind is Bound.EXACT
    assert found.divergence.item() == pytest.approx(expected, abs=1e-6)
    assert found.upper_bound.item() == found.divergence.item()
    assert found.tvd.item() <= max_tvd + 1e-12


def test_the_maximum_is_the_slow_one_on_longer_units(random_units, sigmoid_readout, slow_maximum):
    lengths = [1, 2, 3, 5, 9, 17, 30, 40]
    attention, mask, scores = random_units(lengths, seed=0)
    found = exact_adversary(attention, mask, sigmoid_readout(scores), max_tvd=0.05)
    expected = [
        slow_maximum(attention[i, :n].tolist(), scores[i, :n].tolist(), max_tvd=0.05)
        for i, n in enumerate(lengths)
    ]
    assert found.divergence.tolist() == pytest.approx(expected, abs=1e-7)


def test_a_pair_matrix_in_many_blocks_gives_what_one_block_gives(
    random_units, sigmoid_readout, monkeypatch
):
    units = random_units([30, 12, 25], seed=1)
    whole = exact_adversary(*units[:2], sigmoid_readout(units[2]), max_tvd=0.05)
    monkeypatch.setattr(vertices, "PAIRS_AT_ONCE", 1)
    blocks = exact_adversary(*units[:2], sigmoid_readout(units[2]), max_tvd=0.05)
    assert torch.equal(whole.attention, blocks.attention)


@pytest.mark.parametrize("max_tvd", [0.0, 0.02, 0.3])
def test_no_random_admissible_attention_lies_farther(random_units, sigmoid_readout, max_tvd):
    attention, mask, scores = random_units([4, 4, 4], seed=2)
    found = exact_adversary(attention, mask, sigmoid_readout(scores), max_tvd=max_tvd)
    rng = np.random.default_rng(0)
    points = rng.dirichlet(np.full(4, 0.3), size=100_000)
    for row in range(3):
        alpha, z = attention[row].numpy(), scores[row].numpy()
        low, high = (
            end.item()
            for end in logit_slab(
                torch.tensor([float(alpha @ z)], dtype=torch.float64), max_tvd=max_tvd
            )
        )
        # Towards the model's own attention, until the logit is admissible.
        moved = points @ z - alpha @ z
        limit = np.where(moved > 0, high - alpha @ z, low - alpha @ z)
        share = np.clip(limit / moved, 0, 1)[:, None]
        admissible = alpha + share * (points - alpha)
        middle = (admissible + alpha) / 2
        divergence = 0.5 * (
            alpha * np.log(alpha / middle)
            + admissible * np.log(np.maximum(admissible, 1e-300) / middle)
        ).sum(axis=1)
        assert divergence.max() <= found.divergence[row].item() + 1e-8
    assert (found.divergence > 0.05).all()


def test_the_farthest_corner_of_linear_programming_is_the_witness(
    random_units, sigmoid_readout, divergence_of
):
    attention, mask, scores = random_units([4, 4, 4, 4], seed=3)
    found = exact_adversary(attention, mask, sigmoid_readout(scores), max_tvd=0.1)
    rng = np.random.default_rng(1)
    for row in range(4):
        alpha, z = attention[row].tolist(), scores[row].numpy()
        low, high = (
            end.item()
            for end in logit_slab(
                torch.tensor([float(alpha @ z)], dtype=torch.float64), max_tvd=0.1
            )
        )
        corners = [
            linprog(
                direction, A_ub=[z, -z], b_ub=[high, -low], A_eq=[[1.0] * 4], b_eq=[1.0]
            ).x.tolist()
            for direction in rng.standard_normal((60, 4))
        ]
        farthest = max(corners, key=lambda corner: divergence_of(alpha, corner))
        assert divergence_of(alpha, farthest) == pytest.approx(found.divergence[row].item())
        assert found.attention[row].tolist() == pytest.approx(farthest, abs=1e-7)


@given(small_units(), st.sampled_from(TOLERANCES), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_reordering_the_tokens_changes_no_divergence(sigmoid_readout, unit, max_tvd, random):
    attention, scores = unit
    order = random.sample(range(scores.shape[1]), scores.shape[1])
    plain, shuffled = (
        exact_adversary(a, all_real(z), sigmoid_readout(z), max_tvd=max_tvd).divergence.item()
        for a, z in ((attention, scores), (attention[:, order], scores[:, order]))
    )
    assert plain == pytest.approx(shuffled, abs=1e-9)


def test_reordering_the_tokens_reorders_the_witness(random_units, sigmoid_readout):
    attention, mask, scores = random_units([12] * 4, seed=4)
    order = torch.randperm(12, generator=torch.Generator().manual_seed(0))
    plain = exact_adversary(attention, mask, sigmoid_readout(scores), max_tvd=0.05)
    shuffled = exact_adversary(
        attention[:, order], mask, sigmoid_readout(scores[:, order]), max_tvd=0.05
    )
    torch.testing.assert_close(shuffled.attention, plain.attention[:, order])


@given(small_units())
@settings(max_examples=20, deadline=None)
def test_permitting_more_never_lowers_the_maximum(sigmoid_readout, unit):
    attention, scores = unit
    maxima = [
        exact_adversary(attention, all_real(scores), sigmoid_readout(scores), max_tvd=tvd)
        for tvd in (*TOLERANCES, 1.0)
    ]
    divergences = [found.divergence.item() for found in maxima]
    assert all(more >= less - 1e-9 for less, more in pairwise(divergences))
    assert maxima[-1].divergence.item() == pytest.approx(maxima[-1].free_maximum.item(), abs=1e-9)


def test_batch_and_padding_change_nothing(random_units, sigmoid_readout):
    lengths = [1, 7, 20, 13]
    attention, mask, scores = random_units(lengths, seed=5)
    together = exact_adversary(attention, mask, sigmoid_readout(scores), max_tvd=0.05)
    for row, length in enumerate(lengths):
        one = (values[row : row + 1, :length] for values in (attention, mask, scores))
        alpha, real, z = one
        alone = exact_adversary(alpha, real, sigmoid_readout(z), max_tvd=0.05)
        torch.testing.assert_close(alone.attention[0], together.attention[row, :length])
        torch.testing.assert_close(alone.divergence[0], together.divergence[row])
        assert together.attention[row, length:].eq(0).all()


def test_two_softmax_classes_are_one_sigmoid_of_their_difference(random_units, sigmoid_readout):
    attention, mask, scores = random_units([9, 15], seed=6)
    common = torch.randn(scores.shape, generator=torch.Generator().manual_seed(1)).double()
    columns = torch.stack([common, scores + common], dim=2)
    softmax = LinearReadout(columns, torch.tensor([0.2, 0.5]).double(), "softmax")
    found = exact_adversary(attention, mask, softmax, max_tvd=0.05)
    other = exact_adversary(attention, mask, sigmoid_readout(scores, bias=0.3), max_tvd=0.05)
    torch.testing.assert_close(found.divergence, other.divergence)
    torch.testing.assert_close(found.probabilities, other.probabilities)


def test_the_witness_is_an_attention_whose_output_the_readout_confirms(
    random_units, sigmoid_readout, divergence_of
):
    attention, mask, scores = random_units([25, 18], seed=7)
    readout = sigmoid_readout(scores)
    found = exact_adversary(attention, mask, readout, max_tvd=0.05)
    own = readout(attention.unsqueeze(1)).squeeze(1)
    moved = readout(found.attention.unsqueeze(1)).squeeze(1)
    torch.testing.assert_close(found.attention.sum(dim=1), torch.ones(2).double())
    torch.testing.assert_close(found.probabilities, moved)
    torch.testing.assert_close(found.tvd, (moved - own)[:, 1].abs())
    for row in range(2):
        expected = divergence_of(attention[row].tolist(), found.attention[row].tolist())
        assert found.divergence[row].item() == pytest.approx(expected)
