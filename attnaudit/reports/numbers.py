"""How a report writes a number."""

_DECIMALS = 3


def shown(number: float | None) -> str:
    """Three decimals, or "undefined"."""
    return "undefined" if number is None else f"{number:.{_DECIMALS}f}"
