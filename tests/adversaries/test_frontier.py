import math

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.adversaries.frontier import frontier


def kept(distances, eligible):
    row = frontier(
        torch.tensor([distances], dtype=torch.float64), torch.tensor([eligible], dtype=torch.bool)
    )
    return row.position[row.used].tolist()


@given(st.lists(st.tuples(st.integers(1, 6), st.booleans()), min_size=1, max_size=10))
@settings(max_examples=80, deadline=None)
def test_a_token_remains_unless_earlier_ones_lie_no_nearer_and_no_farther(tokens):
    distances, eligible = [float(d) for d, _ in tokens], [e for _, e in tokens]
    expected = []
    for i, distance in enumerate(distances):
        earlier = [distances[k] for k in range(i) if eligible[k]]
        nearer = any(other <= distance for other in earlier)
        farther = any(other >= distance for other in earlier)
        if eligible[i] and not (nearer and farther):
            expected.append(i)
    assert kept(distances, eligible) == expected


def test_few_of_many_unrelated_tokens_remain():
    distance = torch.rand(20, 4000, generator=torch.Generator().manual_seed(0)).double()
    used = frontier(distance, torch.ones(20, 4000, dtype=torch.bool)).used.sum(dim=1)
    assert used.double().mean() < 4 * math.log(4000)


def test_all_tokens_remain_where_distance_rises_with_attention():
    assert kept([1.0, 2.0, 3.0, 4.0], [True] * 4) == [0, 1, 2, 3]


def test_units_with_fewer_tokens_have_unused_entries():
    distance = torch.tensor([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]], dtype=torch.float64)
    rows = frontier(distance, torch.ones(2, 3, dtype=torch.bool))
    assert rows.used.tolist() == [[True] * 3, [True, False, False]]


def test_no_eligible_token_leaves_no_entry():
    assert kept([1.0, 2.0], [False, False]) == []
