"""Pairs of tokens that two rankings put in opposite order, or at one place."""

from dataclasses import dataclass

import torch
from jaxtyping import Int64
from torch import Tensor

from attnaudit.metrics.rank.inversions import inversions
from attnaudit.metrics.rank.sorting import sorted_keys, stable_order
from attnaudit.metrics.rank.ties import tie_sizes


@dataclass(frozen=True, kw_only=True, slots=True)
class PairCounts:
    """Unordered pairs of tokens of each row, and triples where the normal approximation asks them.

    Attributes:
        discordant: [rows] pairs in strictly opposite order.
        first_pairs: [rows] at one place in the first ranking, whatever the second says.
        second_pairs: [rows] at one place in the second.
        both_pairs: [rows] at one place in both.
        first_triples: [rows] of three tokens at one place in the first ranking.
        second_triples: [rows] of three tokens at one place in the second.
    """

    discordant: Int64[Tensor, " rows"]
    first_pairs: Int64[Tensor, " rows"]
    second_pairs: Int64[Tensor, " rows"]
    both_pairs: Int64[Tensor, " rows"]
    first_triples: Int64[Tensor, " rows"]
    second_triples: Int64[Tensor, " rows"]


def pair_counts(
    first: Int64[Tensor, "rows tokens"], second: Int64[Tensor, "rows tokens"]
) -> PairCounts:
    """Exact counts; padding as `tie_ranks` ranks it is in no pair that is counted.

    Args:
        first: Ranks below the number of columns, equal for ties.
        second: The same of the other ranking.
    """
    first_pairs, first_triples = _tied(first)
    second_pairs, second_triples = _tied(second)
    if bool((first_pairs + second_pairs).any()):
        tokens = first.shape[1]
        bits = tokens.bit_length()
        keys = sorted_keys((first << bits) + second, limit=1 << 2 * bits)
        distinct = torch.nn.functional.pad((keys.diff(dim=1) > 0).cumsum(dim=1), (1, 0))
        both_pairs, _ = _tied(distinct)
        # Ties of the first stand in the order of the second, and a stable sort keeps ties of the
        # second in the order of the first: no tie makes an inversion.
        permutations = stable_order(keys & ((1 << bits) - 1), limit=tokens)
    else:
        both_pairs = torch.zeros_like(first_pairs)
        permutations = torch.empty_like(second).scatter_(1, first, second)
    return PairCounts(
        discordant=inversions(permutations),
        first_pairs=first_pairs,
        second_pairs=second_pairs,
        both_pairs=both_pairs,
        first_triples=first_triples,
        second_triples=second_triples,
    )


def _tied(
    ranks: Int64[Tensor, "rows tokens"],
) -> tuple[Int64[Tensor, " rows"], Int64[Tensor, " rows"]]:
    """Pairs and triples of tokens of equal rank."""
    sizes = tie_sizes(ranks)
    twice_pairs = sizes * (sizes - 1)
    return twice_pairs.sum(dim=1) // 2, (twice_pairs * (sizes - 2)).sum(dim=1) // 6
