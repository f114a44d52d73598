import math

import pytest
import torch

from attnaudit.models.transformers.visibility import sees_later, visible_keys

LEAST = torch.finfo(torch.float64).min


def scores(hidden, least=LEAST):
    """Scores of one head over four pieces, those hidden that are named as (query, key)."""
    made = torch.zeros(1, 1, 4, 4, dtype=torch.float64)
    for query, key in hidden:
        made[0, 0, query, key] = least
    return made


def weights(hidden, least=LEAST):
    return scores(hidden, least).softmax(dim=3)


BEHIND = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


@pytest.mark.parametrize("added", [0.0, -7.5, 7.5])
def test_a_masked_score_is_told_whatever_was_added_to_it(added):
    found = visible_keys(scores(BEHIND) + added)
    assert torch.equal(found[0, 0], torch.ones(4, 4).tril().bool())


def test_a_score_whose_weight_vanishes_is_visible():
    small = scores([])
    small[0, 0, 0, 3] = -1e6
    assert float(small.softmax(dim=3)[0, 0, 0, 3]) == 0
    assert bool(visible_keys(small).all())


@pytest.mark.parametrize("least", [LEAST, -math.inf, -1e4])
def test_one_pair_is_enough_to_see_later_whatever_the_others_are_masked_with(least):
    mask = torch.ones(1, 4, dtype=torch.bool)
    assert not sees_later(weights(BEHIND, least), mask)
    assert sees_later(weights(BEHIND[:3] + BEHIND[4:], least), mask)


def test_what_padding_sees_or_is_seen_of_it_does_not_count():
    mask = torch.tensor([[True, True, True, False]])
    to_padding = [pair for pair in BEHIND if pair[1] != 3]
    assert not sees_later(weights(to_padding), mask)
    assert sees_later(weights(to_padding), torch.ones(1, 4, dtype=torch.bool))
