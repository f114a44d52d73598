"""The picture of one quantity by predicted class."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attnaudit.reports.html.exhibits import Exhibit
from attnaudit.reports.html.figures import Series, histogram
from attnaudit.reports.html.picture import Picture, defined, legend_of, limits_of
from attnaudit.reports.html.series import Column, Described
from attnaudit.reports.html.svg import SLOTS

SIGNIFICANT = 0.05
"""The p-value up to which the paper counts a rank correlation as significant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Documents that are drawn together, under the name of their class."""

    name: str
    index: NDArray[np.int64]


def parts_by_class(described: Described, classes: Sequence[str]) -> tuple[Part, ...]:
    """The commonest predicted classes each by itself, in the model's order; the others together.

    Args:
        described: The audited documents.
        classes: The model's classes.
    """
    counts = np.bincount(described.predicted, minlength=len(classes))
    most = SLOTS if np.count_nonzero(counts) <= SLOTS else SLOTS - 1
    commonest = np.argsort(-counts, kind="stable")[:most]
    shown = [one for one in sorted(commonest.tolist()) if counts[one]]
    parts = [
        Part(name=f"predicted {classes[one]}", index=np.flatnonzero(described.predicted == one))
        for one in shown
    ]
    others = np.flatnonzero(~np.isin(described.predicted, shown))
    if others.size:
        parts.append(Part(name="predicted any other class", index=others))
    return tuple(parts)


def class_picture(
    exhibit: Exhibit,
    column: Column,
    parts: Sequence[Part],
    *,
    salt: str,
    pvalues: Column | None = None,
) -> Picture:
    """Histograms of a quantity, one per predicted class.

    Args:
        exhibit: What is shown.
        column: Its values.
        parts: The documents by class.
        salt: Different for every figure of a page.
        pvalues: Of the values, where they have some.

    Source:
        Jain & Wallace (2019), figures 2 and 3, for Kendall's tau.
    """
    series = [
        Series(slot=slot, values=defined(column.value[part.index]))
        for slot, part in enumerate(parts)
    ]
    lines = ", ".join(f"{threshold:g}" for threshold in exhibit.thresholds)
    caption = f"{exhibit.quantity} of every document, by predicted class."
    if lines:
        caption += f" Dashed: the threshold for their mean or median, {lines}."
    return Picture(
        drawing=histogram(
            series,
            limits=limits_of([one.values for one in series], exhibit.thresholds, exhibit.quantity),
            thresholds=exhibit.thresholds,
            quantity=exhibit.quantity,
            salt=salt,
            title=f"Histogram of {exhibit.quantity} by predicted class",
        ),
        caption=caption + _significance(pvalues) + _without_value(column),
        legend=legend_of([part.name for part in parts]),
    )


def _significance(pvalues: Column | None) -> str:
    known = np.empty(0) if pvalues is None else defined(pvalues.value)
    if not known.size:
        return ""
    share = np.mean(known <= SIGNIFICANT)
    return (
        f" {share:.1%} of the {known.size:,} documents that have a p-value have p <= "
        f"{SIGNIFICANT:g} against independent rankings."
    )


def _without_value(column: Column) -> str:
    if not column.causes:
        return ""
    causes = ", ".join(f"{count} by {cause}" for cause, count in sorted(column.causes.items()))
    return f" Not drawn, for they have no value: {causes}."
