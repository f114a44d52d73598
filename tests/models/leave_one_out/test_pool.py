import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.models.leave_one_out.pool import Pool


def pool_of(scores, values):
    scores = torch.tensor([scores], dtype=torch.float64)
    values = torch.tensor([values], dtype=torch.float64).unsqueeze(2)
    return Pool.of_words(scores, values, torch.ones_like(scores, dtype=torch.bool))


def weighted_mean(scores, values):
    """By the definition, with exactly rounded sums."""
    weights = [math.exp(score - max(scores)) for score in scores]
    products = (weight * value for weight, value in zip(weights, values, strict=True))
    return math.fsum(products) / math.fsum(weights)


WORDS = st.lists(st.tuples(st.floats(-300, 300), st.floats(-10, 10)), min_size=1, max_size=9).map(
    lambda pairs: tuple(zip(*pairs, strict=True))
)


@settings(max_examples=60, deadline=None)
@given(words=WORDS)
def test_a_running_pool_has_the_mean_of_all_words_up_to_its_own(words):
    scores, values = words
    means = pool_of(scores, values).running().mean()[0, :, 0].tolist()
    for place, mean in enumerate(means):
        expected = weighted_mean(scores[: place + 1], values[: place + 1])
        assert mean == pytest.approx(expected, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(words=WORDS)
def test_what_is_left_without_the_heaviest_word_keeps_all_its_digits(words):
    scores, values = (700.0, *words[0]), (1e3, *words[1])
    pool = pool_of(scores, values)
    behind = pool.reversed().running().reversed().shifted(-1)
    expected = weighted_mean(*words)
    assert behind.mean()[0, 0, 0].item() == pytest.approx(expected, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(words=WORDS, distance=st.integers(-12, 12))
def test_a_shift_moves_every_pool_and_leaves_empty_ones_behind(words, distance):
    scores, values = words
    shifted = pool_of(scores, values).shifted(distance)
    for place in range(len(scores)):
        origin = place - distance
        if 0 <= origin < len(scores):
            assert shifted.mean()[0, place, 0].item() == values[origin]
        else:
            assert shifted.total[0, place].item() == 0.0


def test_words_outside_the_mask_are_in_no_pool_whatever_they_hold():
    scores = torch.tensor([[0.5, math.inf, 1.5]])
    values = torch.tensor([[[1.0], [math.nan], [2.0]]])
    mask = torch.tensor([[True, False, True]])
    pool = Pool.of_words(scores, values, mask).running()
    assert pool.mean()[0, 1, 0].item() == 1.0
    expected = weighted_mean([0.5, 1.5], [1.0, 2.0])
    assert pool.mean()[0, 2, 0].item() == pytest.approx(expected, abs=1e-6)


def test_adding_changes_the_first_pools_and_no_other():
    pool = Pool.empty(torch.Size([3, 1]), outputs=1, like=torch.zeros(1, dtype=torch.float64))
    for scores in ([0.0], [2.0, 1.0]):
        words = torch.tensor(scores, dtype=torch.float64).unsqueeze(1)
        mask = torch.ones_like(words, dtype=torch.bool)
        pool.add(Pool.of_words(words, 10 * words.unsqueeze(2), mask))
    means = pool.mean()[:, 0, 0].tolist()
    assert means[:2] == pytest.approx([weighted_mean([0.0, 2.0], [0.0, 20.0]), 10.0], abs=1e-12)
    assert math.isnan(means[2])


def test_pools_change_places_with_their_means():
    pool = pool_of([1.0, -1.0, 3.0], [5.0, 6.0, 7.0])
    gathered = pool.gathered(torch.tensor([[2, 0, 1]]))
    assert gathered.mean()[0, :, 0].tolist() == [7.0, 5.0, 6.0]
    merged = gathered.merged(pool).mean()[0, 0, 0].item()
    assert merged == pytest.approx(weighted_mean([3.0, 1.0], [7.0, 5.0]), abs=1e-12)
    assert gathered.transposed().mean()[:, 0, 0].tolist() == [7.0, 5.0, 6.0]
