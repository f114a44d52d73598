import itertools
from collections import Counter

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.metrics.rank.pairs import pair_counts

RANKS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=10, max_size=10)


def counted(first, second):
    """Each kind of pair and triple, one at a time."""
    count = Counter()
    for i, j in itertools.combinations(range(len(first)), 2):
        a, b = first[i] - first[j], second[i] - second[j]
        count["discordant"] += a * b < 0
        count["first_pairs"] += a == 0
        count["second_pairs"] += b == 0
        count["both_pairs"] += a == b == 0
    for triple in itertools.combinations(range(len(first)), 3):
        count["first_triples"] += len({first[i] for i in triple}) == 1
        count["second_triples"] += len({second[i] for i in triple}) == 1
    return count


@given(RANKS)
@settings(max_examples=100, deadline=None)
def test_counts_are_those_of_every_pair_and_triple(ranks):
    sides = [list(side) for side in zip(*ranks, strict=True)]
    counts = pair_counts(*(torch.tensor([side]) for side in sides))
    for name, expected in counted(*sides).items():
        assert getattr(counts, name).tolist() == [expected], name


@given(st.permutations(range(10)), st.permutations(range(10)))
@settings(max_examples=40, deadline=None)
def test_without_ties_every_pair_is_discordant_with_one_side_reversed_or_not_at_all(first, second):
    first, second = torch.tensor([first]), torch.tensor([second])
    plain, reversed_ = pair_counts(first, second), pair_counts(first, 9 - second)
    assert (plain.discordant + reversed_.discordant).tolist() == [45]
    assert plain.both_pairs.tolist() == plain.first_triples.tolist() == [0]


def test_a_row_without_ties_counts_the_same_beside_one_with_ties():
    first, second = torch.tensor([[3, 1, 0, 2], [1, 1, 0, 1]]), torch.tensor([[0, 2, 1, 3]] * 2)
    together, alone = pair_counts(first, second), pair_counts(first[:1], second[:1])
    assert together.discordant[0] == alone.discordant[0] == 3
    assert together.first_pairs.tolist() == [0, 3]
