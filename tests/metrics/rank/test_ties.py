import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.metrics.rank.ties import is_constant, tie_ranks, tie_sizes, tie_width


def ranks_by_walking(values, *, width):
    """Dense ranks from the smallest value up, one step for each gap that is wide enough."""
    largest = max(abs(value) for value in values)
    rank, ranks, before = 0, {}, None
    for value in sorted(values):
        rank += before is not None and value / largest - before / largest > width
        ranks[value] = rank
        before = value
    return [ranks[value] for value in values]


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=12).filter(any))
@settings(max_examples=100, deadline=None)
def test_ranks_are_those_of_a_walk_from_the_smallest_value_up(numbers):
    values = [number / 1000 for number in numbers]
    padded = torch.tensor([[*values, math.inf, math.inf]], dtype=torch.float64)
    found = tie_ranks(padded, torch.tensor([len(values)]), width=2.5e-3)
    columns = [len(values), len(values) + 1]
    assert found.ranks.tolist() == [ranks_by_walking(values, width=2.5e-3) + columns]


def test_padding_is_tied_with_nothing_and_beyond_every_token():
    values = torch.tensor([[2.0, 2.0, math.inf, math.inf], [4.0, 1.0, 3.0, 2.0]]).double()
    found = tie_ranks(values, torch.tensor([2, 4]), width=1e-12)
    assert found.ranks.tolist() == [[0, 0, 2, 3], [3, 0, 2, 1]]
    assert found.constant.tolist() == [True, False]


@pytest.mark.parametrize("row", [[0.0, 0.0], [-2.0, -2.0], [1.0, 1 + 1e-7], [5.0, math.inf]])
def test_a_row_of_one_value_ranks_nothing(row):
    lengths = torch.tensor([sum(map(math.isfinite, row))])
    values = torch.tensor([row], dtype=torch.float64)
    assert tie_ranks(values, lengths, width=1e-12).constant.tolist() == [True]


@pytest.mark.parametrize(
    ("least", "largest", "constant"),
    [
        (0.0, 0.0, True),
        (1.0, 1 + 9e-7, True),
        (1.0, 1 + 2e-6, False),
        (-1 - 9e-7, -1.0, True),
        (-1e-9, 1e-9, False),
        (1e-300, 2e-300, False),
    ],
)
def test_a_row_is_constant_up_to_a_millionth_of_its_largest_magnitude(least, largest, constant):
    ends = (torch.tensor([end], dtype=torch.float64) for end in (least, largest))
    assert is_constant(*ends).tolist() == [constant]


def test_sizes_count_the_tokens_of_each_rank():
    assert tie_sizes(torch.tensor([[0, 1, 1, 0, 2], [4, 3, 2, 1, 0]])).tolist() == [
        [2, 2, 1, 0, 0],
        [1, 1, 1, 1, 1],
    ]


@pytest.mark.parametrize(
    ("dtype", "width"),
    [(torch.float64, 1e-12), (torch.float32, 1e-6), (torch.bfloat16, 1e-6)],
    ids=str,
)
def test_ties_are_wider_in_any_precision_but_double(dtype, width):
    assert tie_width(dtype) == width
