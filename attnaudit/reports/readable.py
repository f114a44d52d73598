"""Text of documents and models on a page: of bounded length, with nothing hidden in it."""

# Joiners are invisible, yet words of Persian and emoji of families are spelt with them.
_JOINERS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")


def readable(text: str, *, longest: int) -> str:
    r"""`text` cut to a length, with what has no shape of its own written as its escape.

    Args:
        text: A word, an id or a name, from anywhere.
        longest: Characters of it that are shown.

    Example:
        >>> readable("to\u202eleft", longest=24)
        'to\\u202eleft'
    """
    shown = "".join(
        one
        if one.isprintable() or one in _JOINERS
        else one.encode("unicode_escape").decode("ascii")
        for one in text[:longest]
    )
    return shown if len(text) <= longest else f"{shown}…"
