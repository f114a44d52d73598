"""The picture of attention against importance, word by word."""

import numpy as np
from numpy.typing import NDArray

from attnaudit.reports.html.cells import cells
from attnaudit.reports.html.picture import Picture
from attnaudit.reports.html.word_counts import EXPONENTS, WordCounts

# Over more powers of ten than this, cells are taken together, for a page must not grow.
_MOST_FINE = 4


def word_picture(words: WordCounts, *, salt: str) -> Picture:
    """How much attention each word has against how important it is.

    Args:
        words: What was counted, at least one word.
        salt: Different for every figure of a page.
    """
    counts, (low, high) = _where_words_are(words.counts)
    caption = (
        f"Every word of {words.documents:,} documents: its attention against its share of the "
        "importance in its document, both as multiples of an even spread (1: as much as if all "
        "words had the same). The darker, the more words (logarithmic); on the dashed line "
        "attention is the share of the importance."
    )
    if low == EXPONENTS[0] or high == EXPONENTS[1]:
        caption += (
            f" What is below {10.0 ** EXPONENTS[0]:g} or above {10.0 ** EXPONENTS[1]:,.0f} is "
            "drawn at that place."
        )
    return Picture(
        drawing=cells(
            counts,
            exponents=(low, high),
            names=("attention (even spread = 1)", "importance (even spread = 1)"),
            salt=salt,
            title="Attention of every word against its importance",
        ),
        caption=caption,
    )


def _where_words_are(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], tuple[int, int]]:
    """The powers of ten between which words lie, the same on both axes, and the cells there."""
    least, most = EXPONENTS
    powers = most - least
    across, up = (size // powers for size in counts.shape)
    by_power = counts.reshape(powers, across, powers, up).sum(axis=(1, 3))
    used = np.flatnonzero(by_power.sum(axis=0) + by_power.sum(axis=1))
    first, last = int(used[0]), int(used[-1]) + 1
    kept = counts[first * across : last * across, first * up : last * up]
    if last - first > _MOST_FINE:
        kept = kept.reshape(kept.shape[0] // 2, 2, kept.shape[1] // 2, 2).sum(axis=(1, 3))
    return kept, (least + first, least + last)
