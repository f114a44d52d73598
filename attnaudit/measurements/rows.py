"""Exactly computed numbers as rows to store, alone or beside their null."""

import math
from collections.abc import Iterator

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


def rows_beside_null(
    unit: tuple[str, int],
    quantity: str,
    value: float,
    null: float,
    *,
    undefined: str | None = None,
    null_undefined: str | None = None,
) -> Iterator[ValueRow]:
    """A quantity, then "-null", what it is where attention knows nothing, then "-above-null".

    The last is the value minus its null. It is undefined if either is, for the reason of the value
    where both are.

    Args:
        unit: Document id and output index.
        quantity: Name of the quantity.
        value: The value; not looked at where there is none.
        null: Its null; not looked at where there is none.
        undefined: Why there is no value, or None.
        null_undefined: Why there is no null, or None.
    """
    yield exact_row(unit, quantity, value, undefined=undefined)
    yield exact_row(unit, f"{quantity}-null", null, undefined=null_undefined)
    cause = undefined or null_undefined
    yield exact_row(unit, f"{quantity}-above-null", value - null, undefined=cause)
