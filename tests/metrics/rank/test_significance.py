import itertools
import math

import numpy as np
import pytest
import scipy.stats

from attnaudit.metrics.rank.significance import exact_pvalue, has_exact_pvalue, normal_pvalue


def discordant_pairs(permutation):
    return sum(a > b for a, b in itertools.combinations(permutation, 2))


@pytest.mark.parametrize("length", [2, 3, 4, 5, 6, 7])
def test_the_exact_pvalue_is_the_share_of_permutations_at_least_as_extreme(length):
    seen = [discordant_pairs(one) for one in itertools.permutations(range(length))]
    most = length * (length - 1) // 2
    for fewest in range(most // 2 + 1):
        extreme = sum(d <= fewest or d >= most - fewest for d in seen)
        found = exact_pvalue(np.array([length]), np.array([fewest]))
        assert found.tolist() == pytest.approx([extreme / math.factorial(length)], rel=1e-15)


@pytest.mark.parametrize("length", [8, 20, 32, 33])
def test_the_exact_pvalue_is_scipys_for_every_number_of_discordant_pairs(length):
    order, most = np.arange(length), length * (length - 1) // 2
    permutation, expected = list(order), []
    # Sorting in reverse by exchanging neighbours goes through every number of discordant pairs.
    for _ in range(most // 2 + 1):
        expected.append(scipy.stats.kendalltau(order, permutation).pvalue)
        place = next(i for i in range(length - 1) if permutation[i] < permutation[i + 1])
        permutation[place : place + 2] = permutation[place : place + 2][::-1]
    fewest = np.arange(most // 2 + 1)
    found = exact_pvalue(np.full(len(fewest), length), fewest)
    assert found.tolist() == pytest.approx(expected, rel=1e-12)


def test_the_exact_pvalue_of_a_long_perfect_order_underflows_to_zero_and_not_to_nan():
    assert exact_pvalue(np.array([170, 5000]), np.array([0, 1])).tolist() == [
        pytest.approx(2 / math.factorial(170), rel=1e-12),
        0,
    ]


def test_long_rows_are_exact_only_if_they_are_almost_perfectly_ordered():
    lengths, fewest = np.array([33, 34, 34, 34]), np.array([200, 0, 1, 2])
    assert has_exact_pvalue(lengths, fewest).tolist() == [True, True, True, False]


@pytest.mark.parametrize(("x_levels", "y_levels"), [(1000, 1000), (4, 1000), (4, 3)])
def test_the_normal_pvalue_is_that_of_the_simulated_spread_of_concordance(x_levels, y_levels):
    rng = np.random.default_rng(x_levels + y_levels)
    length, draws = 12, 20_000
    x, y = (rng.integers(levels, size=length) for levels in (x_levels, y_levels))
    signs_x, signs_y = (np.sign(side[:, None] - side[None, :]) for side in (x, y))
    excesses = np.empty(draws)
    for draw in range(draws):
        order = rng.permutation(length)
        excesses[draw] = (signs_x * signs_y[order][:, order]).sum() / 2
    excess = 5
    found = normal_pvalue(
        np.array([length]), np.array([excess]), first_ties=ties(x), second_ties=ties(y)
    )
    assert found.item() == pytest.approx(2 * scipy.stats.norm.sf(excess / excesses.std()), abs=0.01)


def ties(values):
    _, sizes = np.unique(values, return_counts=True)
    pairs, triples = (sum(math.comb(size, many) for size in sizes) for many in (2, 3))
    return np.array([pairs]), np.array([triples])
