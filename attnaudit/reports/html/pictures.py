"""Which pictures an exhibit is shown by."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from attnaudit.reports.html.exhibits import Exhibit
from attnaudit.reports.html.figures import Series, by_largest_weight, histogram
from attnaudit.reports.html.series import Column, Described
from attnaudit.reports.html.svg import SLOTS

_NULL = "-null"
_ABOVE_NULL = "-above-null"
_DIVERGENCE = "divergence"
_SHARE = "share-of-free-maximum"
# An axis needs a width even where all values are equal.
_MARGIN = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class Legend:
    """What one colour of a picture stands for, in words from anywhere."""

    slot: int
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A drawing with what is needed to read it."""

    drawing: Markup
    caption: str
    legend: tuple[Legend, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """Documents that are drawn together, under the name of their class."""

    name: str
    index: NDArray[np.int64]


def needed(exhibit: Exhibit, audit: str) -> frozenset[str]:
    """Names of all quantities that the pictures of an exhibit may need."""
    base = exhibit.quantity.removesuffix(_ABOVE_NULL)
    found = {exhibit.quantity, base, f"{base}{_NULL}"}
    return frozenset(found | {_DIVERGENCE, _SHARE} if audit == "adversary" else found)


def pictures(
    exhibit: Exhibit,
    audit: str,
    columns: Mapping[str, Column],
    described: Described,
    *,
    classes: Sequence[str],
    salt: str,
) -> tuple[Picture, ...]:
    """The pictures of an exhibit; none if no document has a value.

    Args:
        exhibit: What is shown.
        audit: Name of its audit.
        columns: What was measured, by quantity.
        described: The documents it was measured on.
        classes: The model's classes.
        salt: Different for every exhibit of a page.
    """
    column = columns.get(exhibit.quantity)
    if column is None or np.isnan(column.value).all():
        return ()
    parts = _by_class(described, classes)
    drawn = [_by_class_picture(exhibit, column, parts, salt=f"{salt}-classes")]
    if audit == "permutation":
        drawn.append(_weight_picture(exhibit, column, described, parts, salt=f"{salt}-weights"))
    if audit == "adversary":
        drawn.extend(_free_maximum(columns, salt=f"{salt}-free"))
    drawn.extend(_null(exhibit, columns, salt=f"{salt}-null"))
    return tuple(drawn)


def _by_class(described: Described, classes: Sequence[str]) -> tuple[_Part, ...]:
    """The commonest predicted classes each by itself, in the model's order; the others together."""
    counts = np.bincount(described.predicted, minlength=len(classes))
    most = SLOTS if np.count_nonzero(counts) <= SLOTS else SLOTS - 1
    commonest = np.argsort(-counts, kind="stable")[:most]
    shown = [one for one in sorted(commonest.tolist()) if counts[one]]
    parts = [
        _Part(name=f"predicted {classes[one]}", index=np.flatnonzero(described.predicted == one))
        for one in shown
    ]
    others = np.flatnonzero(~np.isin(described.predicted, shown))
    if others.size:
        parts.append(_Part(name="predicted any other class", index=others))
    return tuple(parts)


def _legend(names: Sequence[str]) -> tuple[Legend, ...]:
    return tuple(Legend(slot=slot, name=name) for slot, name in enumerate(names))


def _by_class_picture(
    exhibit: Exhibit, column: Column, parts: Sequence[_Part], *, salt: str
) -> Picture:
    series = [
        Series(slot=slot, values=_defined(column.value[part.index]))
        for slot, part in enumerate(parts)
    ]
    lines = ", ".join(f"{threshold:g}" for threshold in exhibit.thresholds)
    caption = f"{exhibit.quantity} of every document, by predicted class."
    if lines:
        caption += f" Dashed: the threshold for their mean or median, {lines}."
    return Picture(
        drawing=histogram(
            series,
            limits=_limits([one.values for one in series], exhibit.thresholds, exhibit.quantity),
            thresholds=exhibit.thresholds,
            quantity=exhibit.quantity,
            salt=salt,
            title=f"Histogram of {exhibit.quantity} by predicted class",
        ),
        caption=caption + _without_value(column),
        legend=_legend([part.name for part in parts]),
    )


def _weight_picture(
    exhibit: Exhibit,
    column: Column,
    described: Described,
    parts: Sequence[_Part],
    *,
    salt: str,
) -> Picture:
    series = []
    for slot, part in enumerate(parts):
        values = column.value[part.index]
        places = described.largest[part.index][~np.isnan(values)]
        series.append(Series(slot=slot, values=_defined(values), places=places))
    return Picture(
        drawing=by_largest_weight(
            series,
            quantity=exhibit.quantity,
            salt=salt,
            title=f"{exhibit.quantity} by the largest attention weight and predicted class",
        ),
        caption=(
            "The same by the largest attention weight of the document: median, quartiles (thick) "
            "and 5 to 95 % (thin)."
        ),
        legend=_legend([part.name for part in parts]),
    )


def _free_maximum(columns: Mapping[str, Column], *, salt: str) -> Iterator[Picture]:
    divergence, share = columns.get(_DIVERGENCE), columns.get(_SHARE)
    if divergence is None or share is None:
        return
    known = share.value > 0
    free = divergence.value[known] / share.value[known]
    drawn = [
        ("found, with the same output", divergence.value[known]),
        ("whatever the output", free),
    ]
    if np.any(divergence.upper[known] > divergence.value[known]):
        drawn.append(("proved: none with the same output is farther", divergence.upper[known]))
    limits = (0.0, math.log(2))
    yield Picture(
        drawing=histogram(
            [
                Series(slot=slot, values=np.clip(values, *limits))
                for slot, (_, values) in enumerate(drawn)
            ],
            limits=limits,
            thresholds=(),
            quantity="Jensen-Shannon divergence in nats",
            salt=salt,
            title="Histogram of the divergence found and of its free maximum",
        ),
        caption=(
            "How far from the model's own attention the farthest one lies, of at most ln 2 = 0.693 "
            "nats. Where the two histograms agree, keeping the output costs an adversary nothing."
        ),
        legend=_legend([name for name, _ in drawn]),
    )


def _null(exhibit: Exhibit, columns: Mapping[str, Column], *, salt: str) -> Iterator[Picture]:
    base = exhibit.quantity.removesuffix(_ABOVE_NULL)
    own, null = columns.get(base), columns.get(f"{base}{_NULL}")
    if own is None or null is None:
        return
    series = [Series(slot=slot, values=_defined(one.value)) for slot, one in enumerate((own, null))]
    if not all(one.values.size for one in series):
        return
    yield Picture(
        drawing=histogram(
            series,
            limits=_limits([one.values for one in series], (), base),
            thresholds=(),
            quantity=base,
            salt=salt,
            title=f"Histogram of {base} under the model's own and under shuffled attention",
        ),
        caption=(
            f"{base} under the model's own attention and, as its null, on average under the same "
            "weights at random positions."
        ),
        legend=_legend(["own attention", "shuffled attention"]),
    )


def _defined(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values[~np.isnan(values)]


def _limits(
    values: Sequence[NDArray[np.float64]], thresholds: Sequence[float], quantity: str
) -> tuple[float, float]:
    """Round ends where the values have them, so that pictures can be compared."""
    everything = np.concatenate([*values, np.asarray(thresholds)])
    low, high = float(everything.min()), float(everything.max())
    natural = [(0.0, math.log(2))] if quantity == _DIVERGENCE else [(0.0, 1.0), (-1.0, 1.0)]
    for ends in natural:
        if ends[0] <= low and high <= ends[1]:
            return ends
    return low - _MARGIN, high + _MARGIN


def _without_value(column: Column) -> str:
    if not column.causes:
        return ""
    causes = ", ".join(f"{count} by {cause}" for cause, count in sorted(column.causes.items()))
    return f" Not drawn, for they have no value: {causes}."
