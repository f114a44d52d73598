"""The picture of attention against importance, word by word."""

from attnaudit.reports.html.cells import cells
from attnaudit.reports.html.picture import Picture
from attnaudit.reports.html.word_counts import EXPONENTS, WordCounts


def word_picture(words: WordCounts, *, salt: str) -> Picture:
    """How much attention each word has against how important it is.

    Args:
        words: What was counted.
        salt: Different for every figure of a page.
    """
    return Picture(
        drawing=cells(
            words.counts,
            exponents=EXPONENTS,
            names=("attention, of an even spread", "importance, of an even spread"),
            salt=salt,
            title="Attention of every word against its importance",
        ),
        caption=(
            f"Every word of {words.documents:,} documents: its attention against its share of the "
            "importance in its document, both as multiples of an even spread (1: as much as if all "
            f"words had the same). What is below {10.0 ** EXPONENTS[0]:g} or above "
            f"{10.0 ** EXPONENTS[1]:,.0f} is drawn at the edge. The darker, the more words "
            "(logarithmic); on the dashed line attention is the share of the importance."
        ),
    )
