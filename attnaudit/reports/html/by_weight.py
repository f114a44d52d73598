"""Pictures of one quantity by the largest attention weight."""

from collections.abc import Sequence

import numpy as np

from attnaudit.reports.html.by_class import Part
from attnaudit.reports.html.density import density
from attnaudit.reports.html.exhibits import Exhibit
from attnaudit.reports.html.figures import Series
from attnaudit.reports.html.picture import Picture, defined, legend_of, limits_of
from attnaudit.reports.html.series import Column, Described
from attnaudit.reports.html.violins import FEWEST, violins


def weight_picture(
    exhibit: Exhibit, column: Column, described: Described, parts: Sequence[Part], *, salt: str
) -> Picture:
    """Violins of a quantity in bins of the largest attention weight, one per predicted class.

    Args:
        exhibit: What is shown.
        column: Its values.
        described: The audited documents.
        parts: The same by class.
        salt: Different for every figure of a page.

    Source:
        Jain & Wallace (2019), figure 5, for the median output change under permutation.
    """
    series = []
    for slot, part in enumerate(parts):
        values = column.value[part.index]
        places = described.largest[part.index][~np.isnan(values)]
        series.append(Series(slot=slot, values=defined(values), places=places))
    least, most = (end(defined(column.value)) for end in (np.min, np.max))
    low, high = min(0.0, float(least)), max(0.0, float(most))
    margin = 0.04 * (high - low) or 1.0
    return Picture(
        drawing=violins(
            series,
            limits=(low if low == 0 else low - margin, high + margin),
            quantity=exhibit.quantity,
            salt=salt,
            title=f"{exhibit.quantity} by the largest attention weight and predicted class",
        ),
        caption=(
            "The same by the largest attention weight of the document: how the values spread, with "
            f"quartiles (thick) and median; of fewer than {FEWEST} documents, each as a dot."
        ),
        legend=legend_of([part.name for part in parts]),
    )


def concentration_picture(
    exhibit: Exhibit, column: Column, described: Described, *, salt: str
) -> Picture:
    """A quantity against the largest attention weight, all documents together.

    Args:
        exhibit: What is shown.
        column: Its values.
        described: The audited documents.
        salt: Different for every figure of a page.
    """
    known = ~np.isnan(column.value)
    values = column.value[known]
    return Picture(
        drawing=density(
            described.largest[known],
            values,
            limits=((0.0, 1.0), limits_of([values], exhibit.thresholds, exhibit.quantity)),
            names=("largest attention weight", exhibit.quantity),
            salt=salt,
            title=f"{exhibit.quantity} against the largest attention weight",
            thresholds=exhibit.thresholds,
        ),
        caption=(
            "The same against the largest attention weight of the document: the darker, the more "
            "documents (logarithmic)."
        ),
    )
