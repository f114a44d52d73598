"""Which pictures an exhibit is shown by."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from attnaudit.reports.html.by_class import class_picture, parts_by_class
from attnaudit.reports.html.by_weight import concentration_picture, weight_picture
from attnaudit.reports.html.by_word import word_picture
from attnaudit.reports.html.exhibits import Exhibit
from attnaudit.reports.html.farthest import (
    DIVERGENCE_NULL,
    free_maximum_picture,
    search_picture,
)
from attnaudit.reports.html.known import AGREEMENT, PERMUTATION, PVALUE, SHARE, TAU
from attnaudit.reports.html.nulls import CEILING, NULL, base_of, null_picture
from attnaudit.reports.html.picture import Picture
from attnaudit.reports.html.series import Column, Described
from attnaudit.reports.html.word_counts import WordCounts
from attnaudit.reports.known import ADVERSARY, DIVERGENCE


def needed(exhibit: Exhibit, audit: str) -> frozenset[str]:
    """Names of all quantities that the pictures of an exhibit may need.

    Args:
        exhibit: What is shown.
        audit: Name of its audit.
    """
    base = base_of(exhibit.quantity)
    found = {exhibit.quantity, base, f"{base}{NULL}"}
    if audit == ADVERSARY:
        found |= {DIVERGENCE, SHARE, DIVERGENCE_NULL}
    if audit == AGREEMENT:
        found |= {f"{base}{CEILING}", PVALUE}
    return frozenset(found)


def pictures(
    exhibit: Exhibit,
    audit: str,
    columns: Mapping[str, Column],
    described: Described,
    *,
    classes: Sequence[str],
    salt: str,
    searched: Column | None = None,
    words: WordCounts | None = None,
) -> tuple[Picture, ...]:
    """The pictures of an exhibit; none if no document has a value.

    Args:
        exhibit: What is shown.
        audit: Name of its audit.
        columns: What was measured, by quantity.
        described: The documents it was measured on.
        classes: The model's classes.
        salt: Different for every exhibit of a page.
        searched: Of an adversary, the divergence that the paper's search found.
        words: Attention and importance of all words, where they are to be drawn.
    """
    column = columns.get(exhibit.quantity)
    if column is None or np.isnan(column.value).all():
        return ()
    drawn = _pictures(
        exhibit,
        audit,
        columns,
        described=described,
        classes=classes,
        salt=salt,
        searched=searched,
        words=words,
    )
    return tuple(drawn)


def _pictures(
    exhibit: Exhibit,
    audit: str,
    columns: Mapping[str, Column],
    *,
    described: Described,
    classes: Sequence[str],
    salt: str,
    searched: Column | None,
    words: WordCounts | None,
) -> Iterator[Picture]:
    column = columns[exhibit.quantity]
    parts = parts_by_class(described, classes)
    # A p-value is that of tau itself, not of what is left of it above a null.
    pvalues = columns.get(PVALUE) if exhibit.quantity == TAU else None
    yield class_picture(exhibit, column, parts, salt=f"{salt}-classes", pvalues=pvalues)
    if audit == PERMUTATION:
        yield weight_picture(exhibit, column, described, parts, salt=f"{salt}-weights")
    if audit == AGREEMENT:
        yield concentration_picture(exhibit, column, described, salt=f"{salt}-weights")
    if words is not None:
        yield word_picture(words, salt=f"{salt}-words")
    if audit == ADVERSARY:
        yield from free_maximum_picture(columns, salt=f"{salt}-free")
        yield from search_picture(columns, searched, salt=f"{salt}-search")
    # The null of a divergence is drawn with its free maximum.
    if base_of(exhibit.quantity) != DIVERGENCE or audit != ADVERSARY:
        yield from null_picture(exhibit, audit, columns, salt=f"{salt}-null")
