"""A quantity beside its null: what it would be without what the claim is about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from attnaudit.reports.html.exhibits import Exhibit
from attnaudit.reports.html.figures import Series, histogram
from attnaudit.reports.html.known import AGREEMENT
from attnaudit.reports.html.picture import Picture, defined, legend_of, limits_of
from attnaudit.reports.html.series import Column

NULL = "-null"
CEILING = "-ceiling"
_ABOVE_NULL = "-above-null"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Words:
    """What is drawn beside what.

    Attributes:
        own: The quantity, for the legend.
        null: Its null, for the legend.
        sentence: Both, for the caption.
    """

    own: str
    null: str
    sentence: str


_WORDS = {
    AGREEMENT: _Words(
        own="own attention",
        null="attention of random weights",
        sentence=(
            "under the model's own attention and, as its null, under that of a network of the same "
            "architecture with random weights, one of several for each document"
        ),
    ),
    "randomisation": _Words(
        own="own attention and a random encoder's",
        null="two random encoders'",
        sentence=(
            "between the model's own attention and that of the same model with a random encoder "
            "and, as its null, between two random encoders"
        ),
    ),
}
_SHUFFLED = _Words(
    own="own attention",
    null="shuffled attention",
    sentence=(
        "under the model's own attention and, as its null, on average under the same weights at "
        "random positions"
    ),
)


def base_of(quantity: str) -> str:
    """The quantity itself, where a claim is about what it has above its null."""
    return quantity.removesuffix(_ABOVE_NULL)


def null_picture(
    exhibit: Exhibit, audit: str, columns: Mapping[str, Column], *, salt: str
) -> Iterator[Picture]:
    """Histograms of a quantity and of its null; none where it was not measured or has no value.

    Args:
        exhibit: What is shown.
        audit: Name of its audit.
        columns: What was measured, by quantity.
        salt: Different for every figure of a page.
    """
    base = base_of(exhibit.quantity)
    words = _WORDS.get(audit, _SHUFFLED)
    own, null = columns.get(base), columns.get(f"{base}{NULL}")
    if own is None or null is None:
        return
    drawn = [(words.own, own), (words.null, null)]
    caption = f"{base} {words.sentence}."
    ceiling = columns.get(f"{base}{CEILING}")
    if ceiling is not None and defined(ceiling.value).size:
        drawn.append(("the two importances", ceiling))
        caption += " The two importances with each other show how much agreement can be expected."
    series = [
        Series(slot=slot, values=defined(column.value)) for slot, (_, column) in enumerate(drawn)
    ]
    if not all(one.values.size for one in series):
        return
    yield Picture(
        drawing=histogram(
            series,
            limits=limits_of([one.values for one in series], (), base),
            thresholds=(),
            quantity=base,
            salt=salt,
            title=f"Histogram of {base} and of its null",
        ),
        caption=caption,
        legend=legend_of([name for name, _ in drawn]),
    )
