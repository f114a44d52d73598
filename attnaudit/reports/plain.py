"""Text of documents and models on a terminal: on one line, harmless and short."""


def plain(text: str, *, width: int) -> str:
    r"""`text` with every character that a terminal would obey or hide written as its escape.

    Args:
        text: A word, an id or a name, from anywhere.
        width: Characters it may take, at least 3; what is longer is cut and ends in "...".

    Example:
        >>> plain("\x1b[31mred", width=9)
        '\\x1b[3...'
    """
    # What is cut off anyway need not be escaped: a single word can be as long as a file.
    shown = "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode("ascii")
        for one in text[: width + 1]
    )
    return shown if len(shown) <= width else f"{shown[: width - 3]}..."
