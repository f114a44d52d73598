"""Distance of the top of two rankings: which tokens are there, and in what order."""

import torch
from jaxtyping import Bool, Float, Float64, Int64
from torch import Tensor

from attnaudit.errors import InvalidArgumentError
from attnaudit.metrics.rank.largest import list_sizes, strictly_larger
from attnaudit.metrics.rank.pairs import pair_counts
from attnaudit.metrics.rank.rows import RankedRows, RankStatistic, rank_statistic


def top_k_kendall_distance(
    x: Float[Tensor, "batch tokens"],
    y: Float[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
    *,
    k: int | Int64[Tensor, " batch"],
    penalty: float = 0.5,
    names: tuple[str, str] = ("attention", "importance"),
) -> RankStatistic:
    r"""$K^{(p)}$ of Fagin, Kumar & Sivakumar between the k largest of each side, from 0 to 1.

    A pair of tokens from either list costs 1 if the lists put it in opposite order, where a token
    that is absent from a list stands behind every one that is present; it costs `penalty` if both
    tokens are absent from one list, which then says nothing of their order. The sum is divided
    by the largest that lists of their sizes can have in a document of that length: by
    k² + penalty k(k - 1), that of lists with no token in common, from 2k tokens on.

    Ties are treated as in Fagin et al. (2004): a pair at one place in only one list costs
    `penalty`, and a list holds every token with fewer than k larger ones, so a tie over its end
    makes it longer than k.

    `k` is one number for all rows or one per row, 1 or more; `penalty` is in [0, 1]. The other
    arguments, which values tie, undefined rows and errors are those of `kendall_tau`.

    Returns:
        Distances in [0, 1]. In a row of at most k tokens, without ties, it is (1 - tau) / 2.

    Raises:
        InvalidArgumentError: Also if k is below 1 or not one number per row, or the penalty is not
            in [0, 1].

    Source:
        Fagin, Kumar & Sivakumar (2003), section 3.1; penalty 1/2 as in the code of Jain & Wallace
        (2019).

    Example:
        >>> x, y = torch.tensor([[0.6, 0.3, 0.1, 0.0]]), torch.tensor([[0.0, 0.1, 0.3, 0.6]])
        >>> real = torch.ones(1, 4, dtype=torch.bool)
        >>> top_k_kendall_distance(x, y, real, k=2).statistic.tolist()
        [1.0]
    """
    if not 0 <= penalty <= 1:
        raise InvalidArgumentError(
            f"penalty must be in [0, 1]; it is {penalty:g}. Pass 0.5 for the usual neutral cost."
        )
    sizes = list_sizes(k, mask)

    def distance(part: RankedRows) -> Float64[Tensor, " rows"]:
        return _distance(part, sizes[part.rows], penalty=penalty)

    return rank_statistic(distance, x, y, mask, names=names)


def _distance(
    part: RankedRows, k: Int64[Tensor, " rows"], *, penalty: float
) -> Float64[Tensor, " rows"]:
    sides, real = (part.first, part.second), part.real()
    listed = [real & (strictly_larger(ranks, part.lengths) < k[:, None]) for ranks in sides]
    first, second, both = (
        tokens.sum(dim=1) for tokens in (listed[0], listed[1], listed[0] & listed[1])
    )
    # Tokens behind a list share rank 0, which is free unless the list holds every token.
    pairs = pair_counts(
        *(torch.where(kept | ~real, ranks, 0) for kept, ranks in zip(listed, sides, strict=True))
    )
    # Neither list asks about a pair with a token that is in neither.
    unasked = (part.lengths - first - second + both) * (first + second - 2 * both)
    one_place_in_one = pairs.first_pairs + pairs.second_pairs - 2 * pairs.both_pairs
    cost = pairs.discordant + penalty * (one_place_in_one - unasked).double()

    # Of lists that share only the tokens they must, last in both and reversed.
    shared = (first + second - part.lengths).clamp(min=0)
    most_discordant = first * second - shared * (shared + 1) // 2
    most_at_one_place = _pairs(first - shared) + _pairs(second - shared)
    return cost / (most_discordant + penalty * most_at_one_place.double())


def _pairs(tokens: Int64[Tensor, " rows"]) -> Int64[Tensor, " rows"]:
    return tokens * (tokens - 1) // 2
