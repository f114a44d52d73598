"""The numbers that the paper's authors published, by cell of the sheet. Needs no torch."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

Key = tuple[str, str, str, str, str]
"""Task, encoder, attention, group ("all" or a class by its published number), quantity."""

FROM_GRAPHICS = 0.01
"""How exactly a value can be read back from the vector graphics of the authors."""
ROUNDED = 0.005
"""How exactly shares of significant correlations are given: to two places."""


@cache
def published_values() -> Mapping[Key, float]:
    """Every published number; NaN where the published file has none because a value was undefined.

    Source:
        The result files of the authors of Jain & Wallace (2019); see published.csv.
    """
    text = (resources.files("attnaudit.reproduction") / "published.csv").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return MappingProxyType(
        {
            (row["task"], row["encoder"], row["attention"], row["group"], row["quantity"]): float(
                row["value"]
            )
            for row in csv.DictReader(lines)
        }
    )


def resolution(quantity: str) -> float:
    """How far a published number may be from what was meant, by rounding or by reading it back.

    Example:
        >>> resolution("search:mean"), resolution("tau-gradient:mean")
        (0.01, 0.0)
    """
    if quantity.startswith(("search:", "permutation:")):
        return FROM_GRAPHICS
    return ROUNDED if quantity.endswith(":significant") else 0.0
