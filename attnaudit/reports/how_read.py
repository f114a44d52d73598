"""In words, how a model read the documents that it was audited on."""

from collections.abc import Mapping
from typing import Any

from attnaudit.store.how_read import SpecialMass
from attnaudit.store.run import ModelEntry

_PLACES = "special tokens, and second texts where there are any,"
_LIMIT = "as the longest input holds no more"


def truncated_words(entry: ModelEntry) -> str | None:
    """How many documents could not be read whole; None if none, or that is not known.

    Args:
        entry: A model of a run.
    """
    cut = entry.documents.truncated
    if not cut:
        return None
    return (
        f"{cut} of {entry.documents.n} documents could not be read whole, {_LIMIT}: the end of a "
        "document, or of its second text, is missing"
    )


def special_mass_words(mass: SpecialMass | None) -> str | None:
    """How much of the attention lies on none of the words; None if nothing, or that is not known.

    Args:
        mass: Its share over documents.
    """
    if mass is None or mass.most <= 0:
        return None
    return (
        f"{_PLACES} hold {mass.mean:.1%} of the attention on average "
        f"({mass.least:.1%} to {mass.most:.1%} in single documents)"
    )


def document_truncated_words(row: Mapping[str, Any]) -> str | None:
    """That a document could not be read whole, and what is missing; None if nothing, or not known.

    Args:
        row: What is stored of it.
    """
    if not row["truncated"]:
        return None
    second = _second_text(row)
    # Of a pair it is not stored which of the two was cut.
    missing = "its end" if second is None else f"the end of it or of {second}"
    return f"it could not be read whole, {_LIMIT}: {missing} is missing"


def document_special_mass_words(row: Mapping[str, Any]) -> str | None:
    """How much of its attention lies on none of its words; None if nothing, or that is not known.

    Args:
        row: What is stored of it.
    """
    share = row["special_mass"]
    if share is None or share <= 0:
        return None
    second = _second_text(row)
    places = "special tokens" if second is None else f"special tokens and {second}"
    return f"{places} hold {share:.1%} of the attention; the words share the rest"


def _second_text(row: Mapping[str, Any]) -> str | None:
    """What to call the second text of a document; None if it is known to have none."""
    if row["text2"] is not None:
        return "its second text"
    return None if row["tokens"] is not None else "a second text, if it has one,"
