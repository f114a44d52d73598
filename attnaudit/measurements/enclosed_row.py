"""One number that is known from both sides as a row to store."""

from attnaudit.records import Bound, ValueRow


def enclosed_row(unit: tuple[str, int], quantity: str, *, lower: float, upper: float) -> ValueRow:
    """The row of a quantity that lies between two ends; its value is the lower, which is attained.

    Args:
        unit: Document id and output index.
        quantity: Name of the quantity.
        lower: What is attained.
        upper: What is proved of everything.
    """
    return ValueRow(
        document=unit[0],
        unit=unit[1],
        quantity=quantity,
        value=lower,
        lower=lower,
        upper=upper,
        kind=Bound.INTERVAL,
    )
