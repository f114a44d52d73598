"""How a report writes a number, or two."""

_DECIMALS = 3


def shown(number: float | None) -> str:
    """Three decimals, or "undefined"."""
    return "undefined" if number is None else f"{number:.{_DECIMALS}f}"


def shown_ends(ends: tuple[float, float] | None) -> str:
    """An interval by its ends, or "-" where there is none."""
    return "-" if ends is None else f"[{shown(ends[0])}, {shown(ends[1])}]"
