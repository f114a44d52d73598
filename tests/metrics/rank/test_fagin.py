import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.errors import InvalidArgumentError
from attnaudit.metrics import kendall_tau, top_k_kendall_distance


def cost_by_cases(first, second, penalty):
    """K^(p) of two lists of tokens, best first: the four cases of Fagin, Kumar & Sivakumar."""
    cost = 0.0
    for i, j in itertools.combinations(sorted({*first, *second}), 2):
        i_in, j_in = (i in first, i in second), (j in first, j in second)
        if all(i_in) and all(j_in):
            cost += (first.index(i) < first.index(j)) != (second.index(i) < second.index(j))
        elif {i_in, j_in} == {(True, False), (False, True)}:
            cost += 1
        elif i_in == j_in:
            cost += penalty
        else:
            both, single = (i, j) if all(i_in) else (j, i)
            holding = first if single in first else second
            cost += holding.index(single) < holding.index(both)
    return cost


def top(values, k):
    return sorted(range(len(values)), key=lambda token: -values[token])[:k]


def distance(x, y, **settings_):
    x, y = (torch.tensor([side], dtype=torch.float64) for side in (x, y))
    real = torch.ones(x.shape, dtype=torch.bool)
    return top_k_kendall_distance(x, y, real, **settings_).statistic.item()


@given(st.permutations(range(8)), st.permutations(range(8)), st.integers(1, 4), st.floats(0, 1))
@settings(max_examples=80, deadline=None)
def test_it_is_the_sum_over_the_four_cases_by_that_of_lists_without_a_common_token(
    x, y, k, penalty
):
    expected = cost_by_cases(top(x, k), top(y, k), penalty)
    largest = cost_by_cases(list(range(k)), list(range(k, 2 * k)), penalty)
    found = distance(x, y, k=k, penalty=penalty)
    assert found == pytest.approx(expected / largest, abs=1e-12)


@pytest.mark.parametrize(("length", "k"), [(3, 1), (3, 2), (4, 3), (5, 3), (5, 4), (4, 9)])
@pytest.mark.parametrize("penalty", [0.0, 0.5, 1.0])
def test_the_most_distant_order_of_a_short_document_has_distance_1(length, k, penalty):
    ascending = list(range(length))
    found = [
        distance(ascending, y, k=k, penalty=penalty) for y in itertools.permutations(ascending)
    ]
    assert max(found) == pytest.approx(1)
    assert min(found) == 0 == found[0]


def test_with_every_token_listed_it_is_the_share_of_discordant_pairs():
    x, y = torch.rand(2, 30, 9, generator=torch.Generator().manual_seed(0))
    real = torch.ones(x.shape, dtype=torch.bool)
    found = top_k_kendall_distance(x, y, real, k=9)
    tau = kendall_tau(x, y, real).statistic
    torch.testing.assert_close(found.statistic, (1 - tau) / 2)


def test_a_pair_at_one_place_in_one_list_only_costs_the_penalty():
    largest = 3 * 3 + 0.3 * 3 * 2
    first, tied = [9, 8, 7, 0, 0.1, 0.2], [9, 8, 8, 0, 0.1, 0.2]
    assert distance(first, tied, k=3, penalty=0.3) == pytest.approx(0.3 / largest)
    assert distance(tied, tied, k=3, penalty=0.3) == 0


def test_a_tie_over_the_end_of_a_list_is_kept_whole():
    # The first list is {a, b, c}, all tokens with fewer than 2 larger; the second is [a, b].
    found = distance([9, 5, 5, 1, 0, 0.5], [9, 5, 4, 1, 0, 0.5], k=2, penalty=0.5)
    # b and c are at one place in the first list only; no other pair differs.
    most = 3 * 2 + 0.5 * (3 + 1)
    assert found == pytest.approx(0.5 / most)


def test_it_is_symmetric_and_padding_has_no_part():
    generator = torch.Generator().manual_seed(1)
    x, y = torch.randint(6, (2, 40, 15), generator=generator).double()
    mask = torch.arange(15) < torch.randint(3, 16, (40, 1), generator=generator)
    plain = top_k_kendall_distance(x, y, mask, k=4).statistic
    exchanged = top_k_kendall_distance(y, x, mask, k=4).statistic
    padded = top_k_kendall_distance(x.masked_fill(~mask, 99), y, mask, k=4).statistic
    torch.testing.assert_close(plain, exchanged, equal_nan=True, rtol=0, atol=1e-15)
    torch.testing.assert_close(plain, padded, equal_nan=True, rtol=0, atol=0)
    assert plain.nan_to_num(0).amin() >= 0
    assert plain.nan_to_num(0).amax() <= 1


def test_a_penalty_outside_0_to_1_is_refused():
    with pytest.raises(InvalidArgumentError, match=r"penalty must be in \[0, 1\]; it is 1\.5"):
        distance([1, 2], [2, 1], k=1, penalty=1.5)
