"""How the quantity of a claim and its null go by name, and what values their difference has."""

from attnaudit.claims.base import Range

_DIFFERENCE = "-above-null"


def null_of(quantity: str) -> str | None:
    """Name of the quantity that holds the null of this one; None for a difference from a null.

    Example:
        >>> null_of("tau"), null_of("tau-above-null")
        ('tau-null', None)
    """
    return None if quantity.endswith(_DIFFERENCE) else f"{quantity}-null"


def widened(limits: Range, quantity: str) -> Range:
    """The range of a quantity, or of the difference of two such values where it is one.

    Args:
        limits: Least and largest value of the quantity itself.
        quantity: Its name.

    Example:
        >>> widened((0.0, 1.0), "tvd"), widened((0.0, 1.0), "tvd-above-null")
        ((0.0, 1.0), (-1.0, 1.0))
    """
    width = limits[1] - limits[0]
    return (-width, width) if quantity.endswith(_DIFFERENCE) else limits
