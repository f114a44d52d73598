import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.adversaries import (
    exact_adversary,
    interval_adversary,
    paper_starts,
    search_adversary,
    several_classes,
)
from attnaudit.errors import InternalError, InvalidArgumentError
from attnaudit.models.readout import LinearReadout
from attnaudit.records import Bound


def softmax_readout(scores, *, bias=None):
    bias = torch.zeros(scores.shape[2]) if bias is None else torch.tensor(bias)
    return LinearReadout(scores, bias.to(scores), "softmax")


@pytest.fixture(scope="module")
def dense_units(random_units):
    """Units whose every token has a random score for every class."""

    def draw(lengths, *, classes, seed, dtype=torch.float64, spread=2.0):
        attention, mask, _ = random_units(lengths, seed=seed, dtype=dtype)
        generator = torch.Generator().manual_seed(seed + 1)
        scores = torch.randn(*mask.shape, classes, generator=generator, dtype=torch.float64)
        scores = (spread * scores).masked_fill(~mask.unsqueeze(2), 1e3).to(dtype)
        return attention, mask, softmax_readout(scores)

    return draw


def simplex_grid(tokens, steps):
    """All attentions whose weights are multiples of one over `steps`."""
    points = np.indices((steps + 1,) * (tokens - 1)).reshape(tokens - 1, -1).T
    points = points[points.sum(axis=1) <= steps]
    return np.column_stack([points, steps - points.sum(axis=1)]) / steps


def best_on_grid(attention, logits, *, max_tvd, steps):
    points = simplex_grid(len(attention), steps)
    outputs = torch.softmax(torch.from_numpy(points) @ logits, dim=1)
    own = torch.softmax(attention @ logits, dim=0)
    kept = 0.5 * (outputs - own).abs().sum(dim=1) <= max_tvd
    p, q = attention.numpy(), points[kept.numpy()]
    middle = (p + q) / 2
    terms = p * np.log(p / middle) + q * np.log(np.where(q > 0, q / middle, 1.0))
    return 0.5 * terms.sum(axis=1).max()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("max_tvd", [0.05, 0.3])
def test_the_best_of_a_fine_grid_over_all_attentions_lies_in_the_interval(
    dense_units, seed, max_tvd
):
    attention, mask, readout = dense_units([4], classes=3, seed=seed)
    found = interval_adversary(attention, mask, readout, max_tvd=max_tvd)
    best = best_on_grid(attention[0], readout.scores[0], max_tvd=max_tvd, steps=100)
    assert best <= found.upper_bound.item()
    assert best <= found.divergence.item() + 0.005


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.05, 0.4]))
@settings(max_examples=25, deadline=None)
def test_the_exact_maximum_of_two_classes_lies_in_a_narrow_interval(dense_units, seed, max_tvd):
    attention, mask, readout = dense_units([7], classes=2, seed=seed)
    found = interval_adversary(attention, mask, readout, max_tvd=max_tvd)
    exact = exact_adversary(attention, mask, readout, max_tvd=max_tvd).divergence.item()
    assert exact <= found.upper_bound.item() + 1e-7
    assert found.divergence.item() <= exact + 1e-7
    if max_tvd > 0:
        assert found.divergence.item() >= exact - 0.006


def test_the_witness_is_an_attention_whose_output_the_readout_confirms(dense_units, divergence_of):
    attention, mask, readout = dense_units([20, 9], classes=4, seed=0)
    found = interval_adversary(attention, mask, readout, max_tvd=0.05)
    own, moved = (readout(a.unsqueeze(1)).squeeze(1) for a in (attention, found.attention))
    assert found.kind is Bound.INTERVAL
    assert (found.attention[~mask] == 0).all()
    torch.testing.assert_close(found.attention.sum(dim=1), torch.ones(2).double())
    torch.testing.assert_close(found.probabilities, moved)
    torch.testing.assert_close(found.tvd, 0.5 * (moved - own).abs().sum(dim=1))
    assert (found.tvd <= 0.05).all()
    for row in range(2):
        expected = divergence_of(attention[row].tolist(), found.attention[row].tolist())
        assert found.divergence[row].item() == pytest.approx(expected)


@pytest.mark.parametrize(("classes", "width"), [(3, 0.01), (6, 0.02), (10, 0.06)])
def test_random_dense_units_are_enclosed_narrowly(dense_units, classes, width):
    units = dense_units([60, 60], classes=classes, seed=1)
    found = interval_adversary(*units, max_tvd=0.05)
    assert (found.upper_bound - found.divergence).mean().item() <= width
    assert (found.upper_bound <= found.free_maximum).all()


def test_it_is_not_beaten_by_the_gradient_search(dense_units):
    attention, mask, readout = dense_units([20] * 3, classes=5, seed=2)
    rng = np.random.default_rng(0)
    starts = torch.from_numpy(np.stack([paper_starts(rng, 20, restarts=3) for _ in range(3)]))
    searched = search_adversary(
        attention, mask, readout, max_tvd=0.05, starts=starts, steps=300, learning_rate=0.05
    )
    found = interval_adversary(attention, mask, readout, max_tvd=0.05)
    assert (found.divergence > searched.divergence + 0.01).all()
    assert (searched.divergence > 0.2).all()


def test_batch_and_padding_change_nothing(dense_units):
    lengths = [1, 7, 14, 2]
    attention, mask, readout = dense_units(lengths, classes=3, seed=3)
    together = interval_adversary(attention, mask, readout, max_tvd=0.05)
    for row, length in enumerate(lengths):
        alone = interval_adversary(
            attention[row : row + 1, :length],
            mask[row : row + 1, :length],
            softmax_readout(readout.scores[row : row + 1, :length]),
            max_tvd=0.05,
        )
        assert torch.equal(alone.attention[0], together.attention[row, :length])
        assert torch.equal(alone.upper_bound[0], together.upper_bound[row])


@given(st.integers(0, 10_000), st.permutations(range(6)), st.permutations(range(3)))
@settings(max_examples=6, deadline=None)
def test_intervals_of_reordered_tokens_and_classes_overlap(dense_units, seed, tokens, classes):
    attention, mask, readout = dense_units([6], classes=3, seed=seed)
    plain = interval_adversary(attention, mask, readout, max_tvd=0.1)
    scores = readout.scores[:, tokens][:, :, classes]
    other = interval_adversary(attention[:, tokens], mask, softmax_readout(scores), max_tvd=0.1)
    assert plain.divergence.item() <= other.upper_bound.item() + 1e-9
    assert other.divergence.item() <= plain.upper_bound.item() + 1e-9


def test_permitting_more_never_moves_the_interval_down(dense_units):
    units = dense_units([8, 12], classes=4, seed=4)
    found = [interval_adversary(*units, max_tvd=max_tvd) for max_tvd in (0.0, 0.05, 0.3, 1.0)]
    for less, more in pairwise(found):
        assert (less.divergence <= more.upper_bound + 1e-9).all()
    torch.testing.assert_close(found[-1].divergence, found[-1].free_maximum)


def test_a_logit_common_to_all_classes_changes_nothing(dense_units):
    attention, mask, readout = dense_units([9], classes=3, seed=5)
    common = 5 * torch.randn(1, 9, 1, generator=torch.Generator().manual_seed(0)).double()
    plain = interval_adversary(attention, mask, readout, max_tvd=0.05)
    shifted = interval_adversary(
        attention, mask, softmax_readout(readout.scores + common, bias=[2.0] * 3), max_tvd=0.05
    )
    torch.testing.assert_close(plain.tvd, shifted.tvd, atol=1e-3, rtol=0)
    assert plain.divergence.item() <= shifted.upper_bound.item() + 1e-9
    assert shifted.divergence.item() <= plain.upper_bound.item() + 1e-9


def test_tokens_that_all_say_the_same_leave_the_adversary_free(random_units):
    attention, mask, _ = random_units([8, 5], seed=6)
    readout = softmax_readout(torch.ones(2, 8, 3).double() * torch.tensor([1.0, 0.0, -2.0]))
    found = interval_adversary(attention, mask, readout, max_tvd=0.0)
    torch.testing.assert_close(found.divergence, found.free_maximum)
    torch.testing.assert_close(found.upper_bound, found.free_maximum)


def test_attention_on_the_one_word_that_decides_can_hardly_move():
    scores = torch.zeros(1, 10, 3).double()
    scores[0, 0, 1] = 6.0
    attention = torch.full((1, 10), 0.2 / 9).double()
    attention[0, 0] = 0.8
    found = interval_adversary(
        attention, torch.ones(1, 10, dtype=torch.bool), softmax_readout(scores), max_tvd=0.05
    )
    assert found.upper_bound.item() < 0.45 * found.free_maximum.item()
    assert found.divergence.item() > 0.05


def test_a_float32_readout_confirms_what_was_found_in_float64(dense_units):
    units = dense_units([15] * 5, classes=4, seed=7, dtype=torch.float32)
    found = interval_adversary(*units, max_tvd=0.05)
    assert found.attention.dtype == torch.float64
    assert found.probabilities.dtype == torch.float32
    assert (found.tvd <= 0.05).all()
    assert (found.upper_bound - found.divergence).mean().item() < 0.02


def test_a_candidate_is_where_the_ascent_begins(dense_units, monkeypatch):
    attention, mask, readout = dense_units([9], classes=4, seed=8)
    good = interval_adversary(attention, mask, readout, max_tvd=0.05)
    for name in ("cut_towards", "farthest_inside", "farthest_on_edges"):
        monkeypatch.setattr(several_classes, name, lambda *_, **__: None)
    monkeypatch.setattr(several_classes, "branch_and_bound", lambda _, __, known, **___: known)
    nothing = interval_adversary(attention, mask, readout, max_tvd=0.05)
    again = interval_adversary(
        attention, mask, readout, max_tvd=0.05, candidates=good.attention.unsqueeze(1)
    )
    assert nothing.divergence.item() == 0
    assert again.divergence.item() >= good.divergence.item() - 1e-6


def test_a_bound_below_its_witness_is_an_internal_error(dense_units, monkeypatch):
    units = dense_units([6, 9], classes=3, seed=9)
    monkeypatch.setattr(several_classes, "branch_and_bound", lambda _, __, known, **___: known)
    monkeypatch.setattr(several_classes, "NARROW", -math.inf)
    monkeypatch.setattr(several_classes, "pairwise_bound", lambda *_, **__: 0.05)
    with pytest.raises(InternalError, match=r"above its upper bound of 0\.05"):
        interval_adversary(*units, max_tvd=0.05)


@pytest.mark.parametrize(
    ("readout", "seen"),
    [
        (LinearReadout(torch.zeros(1, 2, 1), torch.zeros(1), "sigmoid"), '"sigmoid" with 1'),
        (LinearReadout(torch.zeros(1, 2, 3), torch.zeros(3), "multilabel"), '"multilabel" with 3'),
        (LinearReadout(torch.zeros(1, 2, 1), torch.zeros(1), "softmax"), '"softmax" with 1'),
    ],
)
def test_a_readout_that_does_not_fit_is_refused_with_what_was_seen(readout, seen):
    mask = torch.ones(1, 2, dtype=torch.bool)
    with pytest.raises(InvalidArgumentError, match=seen):
        interval_adversary(torch.full((1, 2), 0.5), mask, readout, max_tvd=0.05)


def test_a_readout_that_is_not_linear_is_refused_by_its_name(squaring_readout):
    mask = torch.ones(1, 2, dtype=torch.bool)
    with pytest.raises(InvalidArgumentError, match="got Squaring"):
        interval_adversary(torch.full((1, 2), 0.5), mask, squaring_readout, max_tvd=0.05)


def test_scores_of_another_batch_are_refused(dense_units):
    attention, mask, _ = dense_units([4], classes=3, seed=0)
    with pytest.raises(InvalidArgumentError, match="Pass the readout of the same batch"):
        interval_adversary(attention, mask, softmax_readout(torch.zeros(1, 5, 3)), max_tvd=0.05)


def test_a_score_that_is_not_finite_is_refused():
    attention = torch.full((1, 2), 0.5).double()
    scores = torch.zeros(1, 2, 3).double()
    scores[0, 1, 2] = math.nan
    mask = torch.ones(1, 2, dtype=torch.bool)
    with pytest.raises(InvalidArgumentError, match="logits of each token must be finite"):
        interval_adversary(attention, mask, softmax_readout(scores), max_tvd=0.05)
