"""The two-sided p-value of Kendall's tau, from counts: exact where scipy's is, normal elsewhere."""

import itertools
import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import factorial, ndtr

LONGEST_EXACT = 33
"""Tokens up to which every row without ties has an exact p-value."""


def has_exact_pvalue(lengths: NDArray[np.int64], fewest: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which rows without ties get the exact p-value: short ones, and almost perfect orders.

    Args:
        lengths: Tokens of each row.
        fewest: Discordant or concordant pairs of each row, whichever are fewer.
    """
    return (lengths <= LONGEST_EXACT) | (fewest <= 1)


def exact_pvalue(lengths: NDArray[np.int64], fewest: NDArray[np.int64]) -> NDArray[np.float64]:
    r"""$\min(1, 2 P(D \le d))$, D the discordant pairs of two random orders without ties.

    Args:
        lengths: Tokens of each row, 2 or more.
        fewest: d, the discordant or concordant pairs, whichever are fewer; at most 1 in a row of
            more than `LONGEST_EXACT` tokens.

    Returns:
        p-values in [0, 1]; 0 where they underflow.

    Source:
        Kendall (1970), Rank Correlation Methods, chapter 5.
    """
    short = lengths <= LONGEST_EXACT
    pvalues = np.empty(len(lengths))
    pvalues[short] = _exact()[lengths[short], fewest[short]]
    # Of n! permutations one has no discordant pair and n - 1 have one, so n have at most one.
    pvalues[~short] = 2 / factorial(lengths[~short] - fewest[~short])
    return pvalues


def normal_pvalue(
    lengths: NDArray[np.int64],
    excess: NDArray[np.int64],
    *,
    first_ties: tuple[NDArray[np.int64], NDArray[np.int64]],
    second_ties: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> NDArray[np.float64]:
    """Of the normal approximation, with the variance of `excess` given the ties.

    Args:
        lengths: Tokens of each row, 3 or more.
        excess: Concordant minus discordant pairs of each row.
        first_ties: Pairs, and triples, of tokens at one place on the one side.
        second_ties: The same on the other side.

    Returns:
        p-values in [0, 1].

    Source:
        Kendall (1970), Rank Correlation Methods, chapter 4.
    """
    # In floats: products of counts would overflow integers.
    n = lengths.astype(np.float64)
    (first_pairs, first_triples), (second_pairs, second_triples) = (
        [counts.astype(np.float64) for counts in side] for side in (first_ties, second_ties)
    )
    ordered = n * (n - 1)
    # With t tokens at one place, t (t - 1) (2 t + 5) is 12 times the triples + 18 times the pairs.
    lost = 12 * (first_triples + second_triples) + 18 * (first_pairs + second_pairs)
    variance = (
        (ordered * (2 * n + 5) - lost) / 18
        + 2 * first_pairs * second_pairs / ordered
        + 6 * first_triples * 6 * second_triples / (9 * ordered * (n - 2))
    )
    pvalues: NDArray[np.float64] = 2 * ndtr(-np.abs(excess / np.sqrt(variance)))
    return pvalues


@cache
def _exact() -> NDArray[np.float64]:
    """[length, fewest] p-values, each the nearest float to a ratio of whole numbers."""
    most = LONGEST_EXACT * (LONGEST_EXACT - 1) // 4
    table = np.full((LONGEST_EXACT + 1, most + 1), np.nan)
    # How many permutations of so many tokens have 0, 1, 2, ... discordant pairs: the new last
    # token may be discordant with any number of the others.
    counts = [1]
    for length in range(2, LONGEST_EXACT + 1):
        sums = [0, *itertools.accumulate(counts + [0] * (length - 1))]
        counts = [sums[k + 1] - sums[max(0, k + 1 - length)] for k in range(len(sums) - 1)]
        at_most = itertools.accumulate(counts[: length * (length - 1) // 4 + 1])
        for fewest, permutations in enumerate(at_most):
            table[length, fewest] = min(1, 2 * permutations / math.factorial(length))
    return table
