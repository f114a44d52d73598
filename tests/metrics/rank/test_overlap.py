import inspect
import itertools
from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.errors import InvalidArgumentError
from attnaudit.metrics import top_k_overlap


def shares(values, k):
    """Of each token: the share of ways to break the ties in which it is among the k largest."""
    ways = [
        set(chosen)
        for chosen in itertools.combinations(range(len(values)), k)
        if all(
            values[inside] >= values[outside]
            for inside in chosen
            for outside in set(range(len(values))) - set(chosen)
        )
    ]
    return [Fraction(sum(t in way for way in ways), len(ways)) for t in range(len(values))]


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=7).filter(
        lambda pairs: len({a for a, _ in pairs}) > 1 and len({b for _, b in pairs}) > 1
    ),
    st.data(),
)
@settings(max_examples=80, deadline=None)
def test_a_token_counts_by_the_share_of_ways_it_is_at_the_top_of_both(pairs, data):
    k = data.draw(st.integers(1, len(pairs) - 1))
    sides = list(zip(*pairs, strict=True))
    common = sum(map(min, *(shares(side, k) for side in sides)))
    x, y = (torch.tensor([side], dtype=torch.float64) for side in sides)
    found = top_k_overlap(x, y, torch.ones(x.shape, dtype=torch.bool), k=k)
    assert found.statistic.item() == pytest.approx(float(common / k), abs=1e-12)


def test_each_row_may_have_its_own_k_and_padding_is_never_at_the_top():
    x = torch.tensor([[0.5, 0.3, 0.2, 9.0], [0.1, 0.2, 0.3, 0.4]])
    y = torch.tensor([[0.5, 0.2, 0.3, 9.0], [0.4, 0.1, 0.3, 0.2]])
    mask = torch.tensor([[True, True, True, False], [True] * 4])
    found = top_k_overlap(x, y, mask, k=torch.tensor([1, 3]))
    assert found.statistic.tolist() == pytest.approx([1, 2 / 3])


def test_random_orders_overlap_by_k_in_n_on_average():
    x, y = torch.rand(2, 4000, 12, generator=torch.Generator().manual_seed(0))
    found = top_k_overlap(x, y, torch.ones(x.shape, dtype=torch.bool), k=3)
    assert found.statistic.mean().item() == pytest.approx(3 / 12, abs=0.01)


def test_a_row_of_at_most_k_tokens_says_nothing():
    x = torch.tensor([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2], [0.5, 0.5, 0.5]])
    mask = torch.tensor([[True, True, False], [True, True, True], [True, True, True]])
    found = top_k_overlap(x, x, mask, k=2)
    assert found.undefined == ("no token but the top k", None, "constant attention")
    assert found.statistic.isnan().tolist() == [True, False, True]
    assert found.statistic[1] == 1


@pytest.mark.parametrize(
    ("k", "message"),
    [(0, r"k must be 1 or more; k is 0\. "), (torch.tensor([2, 2]), "mask has 1 rows, k has \\[2")],
    ids=["zero", "too_many"],
)
def test_a_k_that_is_not_one_or_more_per_row_is_refused(k, message):
    x = torch.tensor([[0.5, 0.3, 0.2]])
    # Tests execute the annotations, which would refuse the shape first; users do not.
    bare = inspect.unwrap(top_k_overlap)
    with pytest.raises(InvalidArgumentError, match=message):
        bare(x, x, torch.ones(1, 3, dtype=torch.bool), k=k)
