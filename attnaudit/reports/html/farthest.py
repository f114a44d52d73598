"""Pictures of how far another attention with the same output can be."""

import math
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from attnaudit.reports.html.density import density
from attnaudit.reports.html.figures import Series, histogram
from attnaudit.reports.html.known import SHARE
from attnaudit.reports.html.picture import Picture, defined, legend_of
from attnaudit.reports.html.series import Column
from attnaudit.reports.known import DIVERGENCE

DIVERGENCE_NULL = f"{DIVERGENCE}-null"

_LIMITS = (0.0, math.log(2))
_SHORT = 0.05


def free_maximum_picture(columns: Mapping[str, Column], *, salt: str) -> Iterator[Picture]:
    """The divergence found, its free maximum, and its null, in one histogram; none without them.

    Args:
        columns: What an adversary measured, by quantity.
        salt: Different for every figure of a page.

    Source:
        Jain & Wallace (2019), figure 7, for the divergence found.
    """
    divergence, share = columns.get(DIVERGENCE), columns.get(SHARE)
    if divergence is None or share is None:
        return
    found, known = ~np.isnan(divergence.value), share.value > 0
    free = divergence.value[known] / share.value[known]
    drawn = [
        ("found, with the same output", divergence.value[found]),
        ("whatever the output", free),
    ]
    if np.any(divergence.upper[found] > divergence.value[found]):
        drawn.append(("proved: none with the same output is farther", divergence.upper[found]))
    null = columns.get(DIVERGENCE_NULL)
    if null is not None and defined(null.value).size:
        drawn.append(("found from shuffled attention, on average", defined(null.value)))
    yield Picture(
        drawing=histogram(
            [
                # Rounding can leave a divergence a hair above the largest there is.
                Series(slot=slot, values=np.clip(values, *_LIMITS))
                for slot, (_, values) in enumerate(drawn)
            ],
            limits=_LIMITS,
            thresholds=(),
            quantity="Jensen-Shannon divergence in nats",
            salt=salt,
            title="Histogram of the divergence found and of its free maximum",
        ),
        caption=(
            "How far from the model's own attention the farthest one lies, of at most ln 2 = 0.693 "
            "nats. Where the histograms with and without the same output agree, keeping the output "
            f"costs an adversary nothing.{_without_maximum(found & ~known)}"
        ),
        legend=legend_of([name for name, _ in drawn]),
    )


def _without_maximum(missing: NDArray[np.bool_]) -> str:
    count = np.count_nonzero(missing)
    if not count:
        return ""
    # The maximum is the divergence by its share, and nothing by nothing is no number.
    return (
        f" Of {count:,} of {missing.size:,} documents no other attention was found at all; how far "
        "one could be whatever the output is not drawn of these."
    )


def search_picture(
    columns: Mapping[str, Column], searched: Column | None, *, salt: str
) -> Iterator[Picture]:
    """What the paper's search found against what was found here; none without both.

    Args:
        columns: What an adversary measured, by quantity.
        searched: The divergence that the paper's search found for the same documents.
        salt: Different for every figure of a page.
    """
    own = columns.get(DIVERGENCE)
    if own is None or searched is None:
        return
    known = ~(np.isnan(own.value) | np.isnan(searched.value))
    if not known.any():
        return
    here, there = own.value[known], searched.value[known]
    yield Picture(
        drawing=density(
            np.clip(there, *_LIMITS),
            np.clip(here, *_LIMITS),
            limits=(_LIMITS, _LIMITS),
            names=("nats, by the paper's search", "nats, found here"),
            salt=salt,
            title="The divergence found here against that of the paper's search",
            diagonal=True,
        ),
        caption=(
            f"The same document by document: {here.mean():.3f} nats here and {there.mean():.3f} by "
            "the gradient search of Jain & Wallace (2019) on average. The search is short by more "
            f"than {_SHORT:g} nats on {np.mean(here - there > _SHORT):.0%} of documents and "
            f"farther by as much on {np.mean(there - here > _SHORT):.0%}. The darker, the more "
            "documents; on the dashed line both are equal."
        ),
    )
