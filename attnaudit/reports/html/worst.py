"""The documents that speak loudest against a claim."""

from typing import Literal

import numpy as np

from attnaudit.reports.html.series import Column
from attnaudit.verdicts.evidence import CONSTANT_ATTENTION

# Documents of constant attention look alike, and must not hide those that have a value.
_MOST_CONSTANT = 5


def worst(
    column: Column, *, direction: Literal["at_least", "at_most"], most: int
) -> tuple[int, ...]:
    """Indices of the documents that speak most against a claim, the worst first.

    A document without a value because its attention is constant counts as the worst there is,
    unless the claim says otherwise, so a few of them come first. Others without a value are left
    out.

    Args:
        column: The values of all documents.
        direction: "at_least" puts the least values first, "at_most" the largest.
        most: How many at most.
    """
    constant = [one for one, cause in column.undefined.items() if cause == CONSTANT_ATTENTION]
    first = constant[: min(most, _MOST_CONSTANT)]
    defined = np.flatnonzero(~np.isnan(column.value))
    values = column.value[defined]
    # A stable order: ties stay in the order of the documents.
    order = np.argsort(values if direction == "at_least" else -values, kind="stable")
    return (*first, *defined[order[: most - len(first)]].tolist())
