"""How many documents would probably decide a claim that these did not."""

import math

import numpy as np
from numpy.typing import NDArray

from attnaudit.errors import InvalidArgumentError
from attnaudit.statistics.betting import BETS
from attnaudit.statistics.checks import check_level, check_unit_values

LARGEST_NEEDED = 1_000_000
"""An end of the range at this number reads "this many or more"."""

_RESAMPLES = 200
# Keeps the table of counts small for large document sets.
_RESAMPLES_AT_ONCE = 20


def needed_documents(
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    *,
    threshold: float,
    level_above: float,
    level_below: float,
    generator: np.random.Generator,
) -> tuple[int, int]:
    r"""10 % and 90 % quantile of the number of documents that decides on the mean's side.

    The capital of the best constant bet grows by $\mathrm{KL} = \max_\gamma \mathrm{mean}_i \ln(1 +
    \gamma(x_i/c - 1))$ per document, so about $(\ln(1/a) + \frac12 \ln\max(n_0, 50) + 1) /
    \mathrm{KL}$ documents are needed, with $n_0 = \ln(1/a) / \mathrm{KL}$. The documents are drawn
    again 200 times with replacement; each time the sooner of the two sides counts. The smaller the
    sample, the more the range undershoots: a claim still open has a badly known gap.

    Args:
        lower: [documents] least possible values, in [0, 1]; they bet on a mean above.
        upper: [documents] largest possible values, in [0, 1]; they bet on a mean below.
        threshold: What the mean is compared with, strictly between 0 and 1.
        level_above: Error probability granted to "the mean lies above".
        level_below: Error probability granted to "the mean lies below".
        generator: Draws the documents again.

    Returns:
        Total numbers of documents, each more than were given unless `LARGEST_NEEDED` is reached.

    Raises:
        InvalidArgumentError: If an argument is out of range, the two sides differ in length or
            there are no documents to tell from.

    Source:
        Growth rate of constant bets: Kelly (1956); the additive terms were fitted in simulations.
    """
    _check(lower, upper, threshold, level_above, level_below)
    total = len(lower)
    # Sorted, so that the order of the documents has no effect.
    order = np.lexsort((upper, lower))
    gains_above = log_gains(lower[order], threshold)
    gains_below = log_gains(1 - upper[order], 1 - threshold)
    needed = np.empty(_RESAMPLES)
    for start in range(0, _RESAMPLES, _RESAMPLES_AT_ONCE):
        counts = _resampled_counts(total, generator)
        needed[start : start + _RESAMPLES_AT_ONCE] = np.minimum(
            _needed_at(counts @ gains_above / total, level_above),
            _needed_at(counts @ gains_below / total, level_below),
        )
    ends = np.quantile(needed, [0.1, 0.9], method="inverted_cdf")
    few, many = (min(max(math.ceil(end), total + 1), LARGEST_NEEDED) for end in ends)
    return few, many


def log_gains(values: NDArray[np.float64], mean: float) -> NDArray[np.float64]:
    r"""$\ln(1 + \gamma_k (x_i / c - 1))$ at $c$ = `mean`: what each bettor's capital grows by.

    Args:
        values: [documents], each in [0, 1].
        mean: The mean bet against, strictly between 0 and 1.

    Returns:
        [documents bets] natural logarithms.
    """
    gains: NDArray[np.float64] = np.log1p(BETS * (values[:, None] / mean - 1))
    return gains


def _check(
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    threshold: float,
    level_above: float,
    level_below: float,
) -> None:
    check_unit_values(lower, name="lower")
    check_unit_values(upper, name="upper")
    check_level(level_above)
    check_level(level_below)
    if len(lower) != len(upper) or len(lower) == 0:
        raise InvalidArgumentError(
            f"lower and upper must pair up and not be empty; they have {len(lower)} and "
            f"{len(upper)} entries"
        )
    if not 0 < threshold < 1:
        raise InvalidArgumentError(
            f"threshold must lie strictly between 0 and 1; it is {threshold}"
        )


def _resampled_counts(total: int, generator: np.random.Generator) -> NDArray[np.float64]:
    drawn = generator.integers(total, size=(_RESAMPLES_AT_ONCE, total))
    return np.stack([np.bincount(one, minlength=total) for one in drawn]).astype(np.float64)


def _needed_at(growth: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Documents per resample, from the mean log growth [resamples bets] of each bettor."""
    best = growth.max(axis=1)
    target = -math.log(level)
    needed = np.full(len(best), float(LARGEST_NEEDED))
    grows = best > 0
    rough = target / best[grows]
    needed[grows] = (target + 0.5 * np.log(np.maximum(rough, 50)) + 1) / best[grows]
    capped: NDArray[np.float64] = np.minimum(needed, LARGEST_NEEDED)
    return capped
