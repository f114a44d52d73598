import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.metrics.rank import inversions as module
from attnaudit.metrics.rank.inversions import inversions


def descending_pairs(permutation):
    """Counted by comparing every pair."""
    return int(np.triu(permutation[:, None] > permutation[None, :], 1).sum())


@pytest.mark.parametrize("length", [1, 2, 5, 95, 96, 97, 127, 128, 129, 255, 256, 1000, 2047, 2048])
def test_every_descending_pair_is_counted_once(length):
    rng = np.random.default_rng(length)
    permutations = np.stack([rng.permutation(length) for _ in range(3)])
    found = inversions(torch.from_numpy(permutations))
    assert found.tolist() == [descending_pairs(one) for one in permutations]


@given(st.permutations(range(40)))
@settings(max_examples=60, deadline=None)
def test_blocks_count_what_comparing_all_pairs_counts(permutation):
    given_row = torch.tensor([permutation])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "DIRECT", 0)
        by_blocks = inversions(given_row)
    assert by_blocks.tolist() == inversions(given_row).tolist()


@pytest.mark.parametrize("length", [50, 300, 40_000])
def test_a_reversed_row_has_all_pairs_and_an_ordered_one_none(length):
    ascending = torch.arange(length)
    both = torch.stack((ascending, ascending.flip(0)))
    assert inversions(both).tolist() == [0, length * (length - 1) // 2]


def test_one_exchange_of_neighbours_is_one_inversion_wherever_it_is():
    length = 200
    rows = torch.arange(length).repeat(length - 1, 1)
    for place, row in enumerate(rows):
        row[place], row[place + 1] = place + 1, place
    assert inversions(rows).tolist() == [1] * (length - 1)
