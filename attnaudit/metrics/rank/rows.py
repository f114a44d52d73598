"""A measure of two rankings over a ragged batch, some rows of similar length at a time."""

import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Float64, Int64
from torch import Tensor

from attnaudit.metrics._check import check_finite, check_mask, check_same_shape
from attnaudit.metrics.rank.ties import tie_ranks, tie_width

ONE_TOKEN = "one token"  # noqa: S105 - a cause, not a secret
"""Why a document of one token has no rank, nor anything else to compare."""
TOKENS_AT_ONCE_ON_A_CPU = 2**16
"""Tokens ranked together: half a MiB per tensor, which stays in the cache of a processor."""
TOKENS_AT_ONCE_ELSEWHERE = 2**19
"""The same where starting a computation costs more than doing it: 4 MiB per tensor."""
PADDING = -1
"""Where a row that is shorter than others looks for a value."""
SHORT = 48
"""Rows of up to so many tokens go together: padding costs less than another step."""
SIMILAR = 1.25
"""Longest over shortest of the longer rows that go together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RankStatistic:
    """One number for every row.

    Attributes:
        statistic: [batch] NaN where undefined.
        undefined: Why a row has none, None where it has one.
    """

    statistic: Float64[Tensor, " batch"]
    undefined: tuple[str | None, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RankedRows:
    """Rows of similar length with an order on both sides.

    Attributes:
        rows: Where they stand in the batch.
        lengths: Their numbers of real tokens, which come first.
        first: Ranks on the one side, as `tie_ranks` gives them.
        second: Ranks on the other side.
    """

    rows: Int64[Tensor, " rows"]
    lengths: Int64[Tensor, " rows"]
    first: Int64[Tensor, "rows tokens"]
    second: Int64[Tensor, "rows tokens"]

    def real(self) -> Bool[Tensor, "rows tokens"]:
        """True at a token, False at padding."""
        columns = torch.arange(self.first.shape[1], device=self.first.device)
        return columns < self.lengths[:, None]

    def only(self, kept: Bool[Tensor, " rows"]) -> "RankedRows":
        """Some of the rows; mostly all, which costs nothing."""
        if bool(kept.all()):
            return self
        return RankedRows(
            rows=self.rows[kept],
            lengths=self.lengths[kept],
            first=self.first[kept],
            second=self.second[kept],
        )


def rank_statistic(
    measure: Callable[[RankedRows], Float64[Tensor, " rows"]],
    x: Float[Tensor, "batch tokens"],
    y: Float[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
    *,
    names: tuple[str, str],
) -> RankStatistic:
    """One number per row; arguments and errors are those of `measured_rows`."""
    numbers, undefined = measured_rows(
        lambda part: measure(part).unsqueeze(1), x, y, mask, names=names, quantities=1
    )
    return RankStatistic(statistic=numbers.squeeze(1), undefined=undefined)


def measured_rows(
    measure: Callable[[RankedRows], Float64[Tensor, "rows quantities"]],
    x: Float[Tensor, "batch tokens"],
    y: Float[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
    *,
    names: tuple[str, str],
    quantities: int,
) -> tuple[Float64[Tensor, "batch quantities"], tuple[str | None, ...]]:
    """What `measure` makes of each row, and why a row was not shown to it.

    Only real tokens are ranked, wherever in their row they stand, and memory beyond the input is
    bounded unless a single row is very long.

    Args:
        measure: [rows quantities] numbers of some rows that have an order on both sides.
        x: First value of each token, of any precision, on any device.
        y: Second value of each token, on the same device.
        mask: True at a real token; other entries are never read.
        names: What `x` and `y` are.
        quantities: How many numbers `measure` gives per row.

    Returns:
        Numbers, NaN where undefined; and the cause of each undefined row: "one token", or
        "constant" and the name of the side that is constant (of the first, if both are).

    Raises:
        InvalidArgumentError: If shapes differ, a row has no token, or a real token's value is
            not finite.
    """
    check_same_shape(x, mask, names=(names[0], "mask"))
    check_same_shape(y, mask, names=(names[1], "mask"))
    check_mask(mask)
    lengths = mask.sum(dim=1)
    starts = lengths.cumsum(dim=0) - lengths
    sides = [
        (_real_values(side, mask, name=name), tie_width(side.dtype))
        for side, name in zip((x, y), names, strict=True)
    ]
    numbers = torch.full(
        (len(mask), quantities), torch.nan, dtype=torch.float64, device=mask.device
    )
    undefined: list[str | None] = [ONE_TOKEN] * len(mask)
    for rows in _similar(lengths):
        columns = torch.arange(int(lengths[rows].max()), device=rows.device)
        source = torch.where(
            columns < lengths[rows][:, None], starts[rows][:, None] + columns, PADDING
        )
        first, second = (
            tie_ranks(values[source], lengths[rows], width=width) for values, width in sides
        )
        causes = torch.where(first.constant, 1, torch.where(second.constant, 2, 0))
        named = (None, f"constant {names[0]}", f"constant {names[1]}")
        for row, cause in zip(rows.tolist(), causes.tolist(), strict=True):
            undefined[row] = named[cause]
        part = RankedRows(
            rows=rows, lengths=lengths[rows], first=first.ranks, second=second.ranks
        ).only(causes == 0)
        numbers[part.rows] = measure(part)
    return numbers, tuple(undefined)


def _real_values(
    side: Float[Tensor, "batch tokens"], mask: Bool[Tensor, "batch tokens"], *, name: str
) -> Float64[Tensor, " tokens_and_one"]:
    """Values of all rows one after another, and at `PADDING` one that is beyond every value."""
    values = side.detach().masked_select(mask).double()
    # Of finite values only: NaN or infinity would be the least or the greatest.
    if len(values) and not bool(torch.isfinite(torch.stack(values.aminmax())).all()):
        check_finite(side.masked_fill(~mask, 0), name=name)
    return torch.nn.functional.pad(values, (0, 1), value=torch.inf)


def _similar(lengths: Int64[Tensor, " batch"]) -> Iterator[Int64[Tensor, " rows"]]:
    """Rows of more than one token, in groups of similar length and bounded size."""
    on_cpu = lengths.device.type == "cpu"
    tokens_at_once = TOKENS_AT_ONCE_ON_A_CPU if on_cpu else TOKENS_AT_ONCE_ELSEWHERE
    ascending, order = lengths.sort()
    counts = ascending.tolist()
    start = bisect.bisect_right(counts, 1)
    while start < len(counts):
        similar = bisect.bisect_right(counts, max(SHORT, SIMILAR * counts[start]))
        # The longest of the group gives its width, so that bounds how many fit.
        fitting = start + max(1, tokens_at_once // counts[similar - 1])
        stop = min(similar, fitting)
        yield order[start:stop]
        start = stop
