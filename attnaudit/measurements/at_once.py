"""How much is held in memory together: all rows of a site under many alternatives are much."""

from collections.abc import Iterator

NUMBERS_AT_ONCE = 2**23
"""Weights of alternatives that are made together; more alternatives are made in turns."""


def parts(number: int, *, size: int) -> Iterator[slice]:
    """Consecutive parts of some alternatives, each as large as `NUMBERS_AT_ONCE` allows.

    Args:
        number: How many alternatives there are.
        size: How many weights each of them has.

    Example:
        >>> list(parts(5, size=NUMBERS_AT_ONCE // 2))
        [slice(0, 2, None), slice(2, 4, None), slice(4, 6, None)]
    """
    step = at_once(size)
    for start in range(0, number, step):
        yield slice(start, start + step)


def at_once(size: int) -> int:
    """How many alternatives of so many weights are made together, at least 1."""
    return max(1, NUMBERS_AT_ONCE // size)
