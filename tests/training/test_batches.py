import random
from itertools import pairwise

import pytest
import torch

from attnaudit.data.vocabulary import PADDING
from attnaudit.training.batches import class_shares, shuffled_batches, sorted_batches
from attnaudit.training.corpus import Example


@pytest.fixture
def examples():
    draw = random.Random(0)  # noqa: S311
    return [
        Example(tuple(draw.choices(range(4, 20), k=draw.randint(1, 60))), row % 3)
        for row in range(101)
    ]


def test_every_example_stands_in_exactly_one_batch_of_an_epoch(examples):
    batches = shuffled_batches(examples, size=8, seed=0, epoch=0)
    assert len(batches) == 13
    assert sorted(row for rows in batches.rows for row in rows) == list(range(101))
    assert sorted(len(rows) for rows in batches.rows) == [5, *[8] * 12]


def test_an_epoch_has_the_same_batches_whenever_it_is_asked_for(examples):
    first = shuffled_batches(examples, size=8, seed=3, epoch=5)
    assert first.rows == shuffled_batches(examples, size=8, seed=3, epoch=5).rows


@pytest.mark.parametrize("other", [{"epoch": 1}, {"seed": 1}])
def test_another_epoch_or_seed_has_other_batches_in_another_order(examples, other):
    chosen = {"seed": 0, "epoch": 0}
    first = shuffled_batches(examples, size=8, **chosen)
    second = shuffled_batches(examples, size=8, **(chosen | other))
    assert {frozenset(rows) for rows in first.rows} != {frozenset(rows) for rows in second.rows}
    assert [min(rows) for rows in first.rows] != [min(rows) for rows in second.rows]


def test_lengths_of_neighbouring_batches_overlap_by_no_more_than_the_jitter(examples):
    batches = shuffled_batches(examples, size=8, seed=0, epoch=0)
    lengths = sorted([len(examples[row].words) for row in rows] for rows in batches.rows)
    ordered = sorted(lengths, key=lambda one: sum(one) / len(one))
    for shorter, longer in pairwise(ordered):
        assert max(shorter) * 0.9 <= min(longer) * 1.1


def test_the_global_generator_is_not_touched(examples):
    state = torch.random.get_rng_state()
    shuffled_batches(examples, size=8, seed=0, epoch=0)
    assert torch.equal(state, torch.random.get_rng_state())


def test_a_batch_holds_words_and_nothing_but_padding_behind_them(examples):
    batches = sorted_batches(examples, size=8)
    for rows, (token_ids, mask, targets) in zip(batches.rows, batches, strict=True):
        for place, row in enumerate(rows):
            words = examples[row].words
            assert tuple(token_ids[place, mask[place]].tolist()) == words
            assert mask[place].tolist() == [True] * len(words) + [False] * (
                mask.shape[1] - len(words)
            )
            assert set(token_ids[place, ~mask[place]].tolist()) <= {PADDING}
            assert targets[place] == examples[row].target


def test_class_shares_are_counts_over_the_number_of_examples(examples):
    torch.testing.assert_close(
        class_shares(examples, classes=3), torch.tensor([34, 34, 33]).double() / 101
    )
