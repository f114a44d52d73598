"""Texts to words, and words to the form in which the vocabulary knows them."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Literal, get_args

from attnaudit.errors import InvalidArgumentError

Tokenizer = Literal["whitespace", "spacy"]

DIGITS = "<digits>"
"""What stands for every word with a digit in it."""
_ENTITY = re.compile(r"@entity[0-9]+", re.IGNORECASE)


def tokenize(text: str, *, tokenizer: Tokenizer) -> tuple[str, ...]:
    """Split a text into words, as they are spelled.

    Args:
        text: Raw text.
        tokenizer: "whitespace" for texts that are tokenised already; "spacy" for spaCy's English
            rules, which the paper uses (no trained pipeline is needed).

    Returns:
        Words, none of them only white space; empty for a blank text.

    Raises:
        InvalidArgumentError: If there is no such tokenizer.

    Example:
        >>> tokenize("don't  stop", tokenizer="whitespace")
        ("don't", 'stop')
    """
    if tokenizer == "whitespace":
        return tuple(text.split())
    if tokenizer == "spacy":
        return tuple(word.text for word in _english_tokenizer()(text) if not word.text.isspace())
    raise InvalidArgumentError(
        f"tokenizer must be one of {', '.join(get_args(Tokenizer))}, not {tokenizer!r}."
    )


def normalise(token: str) -> str:
    """Lower case; any word with a digit becomes `DIGITS`, unless it names an entity.

    In anonymised news each "@entity7" is a word of its own, and the answer to a question.

    Args:
        token: A word.

    Returns:
        The form that the vocabulary knows.

    Source:
        The preparation of Jain & Wallace (2019), who spell the placeholder differently.

    Example:
        >>> normalise("Delight"), normalise("R2D2"), normalise("@entity7")
        ('delight', '<digits>', '@entity7')
    """
    if not any(map(str.isdigit, token)) or _ENTITY.fullmatch(token):
        return token.lower()
    return DIGITS


@cache
def _english_tokenizer() -> Callable[[str], Iterable[Any]]:
    import spacy  # noqa: PLC0415  # it imports torch where it can, and reading documents must not

    tokenizer: Callable[[str], Iterable[Any]] = spacy.blank("en").tokenizer
    return tokenizer
