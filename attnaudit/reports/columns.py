"""Tables on a terminal."""

from collections.abc import Sequence


def aligned(table: Sequence[Sequence[str]]) -> list[str]:
    """Lines whose cells stand below each other, in columns as wide as they need to be.

    Args:
        table: Lines of equally many cells; none of them more than one line of text.

    Example:
        >>> aligned([["claim", "n"], ["a", "12"]])
        ['claim  n', 'a      12']
    """
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    ]
