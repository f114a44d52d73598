"""The positions that an attention puts most weight on."""

from collections.abc import Sequence


def heaviest(weights: Sequence[float], *, most: int) -> list[int]:
    """Positions by weight, heaviest first and equals in the order of the text.

    Args:
        weights: [tokens] attention, on the simplex.
        most: How many positions at most; those without any weight are none.
    """
    order = sorted(range(len(weights)), key=lambda position: (-weights[position], position))
    return [position for position in order[:most] if weights[position] > 0]
