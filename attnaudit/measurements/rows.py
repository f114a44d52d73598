"""One exactly computed number as a row to store."""

import math

from attnaudit.records import ValueRow


def exact_row(
    unit: tuple[str, int], quantity: str, value: float, *, undefined: str | None = None
) -> ValueRow:
    """The row of a quantity that was computed, not searched for.

    Args:
        unit: Document id and output index.
        quantity: Name of the quantity.
        value: The value; not looked at where there is none.
        undefined: Why there is no value, or None.
    """
    number = value if undefined is None else math.nan
    return ValueRow(
        document=unit[0],
        unit=unit[1],
        quantity=quantity,
        value=number,
        lower=number,
        upper=number,
        undefined=undefined,
    )
