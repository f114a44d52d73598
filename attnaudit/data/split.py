"""Train, dev and test: as the source says, or by a hash of the text."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from attnaudit.data.readers.folder import SPLIT_ALIASES
from attnaudit.errors import DataError
from attnaudit.records import Document

_SHARES = {"train": 0.8, "dev": 0.1, "test": 0.1}


def select_split(documents: Iterable[Document], split: str) -> tuple[Document, ...]:
    """The documents of one split, or all of them where no document has a split.

    Args:
        documents: Documents, in any order.
        split: Its name; dev, val, valid and validation are one.

    Returns:
        At least one document unless there were none, in the given order.

    Raises:
        DataError: If there are splits, but not this one, or only some documents have one.
    """
    documents = tuple(documents)
    splits = {document.split for document in documents} - {None}
    if not splits:
        return documents
    _check_all_split(documents)
    chosen = tuple(document for document in documents if _canonical(document) == _alias(split))
    if not chosen:
        raise DataError(
            f"no document is in the split {split!r}; the splits are "
            f"{', '.join(sorted(map(repr, splits)))}. Choose one of them."
        )
    return chosen


def split_documents(documents: Iterable[Document]) -> dict[str, tuple[Document, ...]]:
    """The documents of each split.

    Where no document has a split, 80 % are train, 10 % dev and 10 % test by sha256 of the text: the
    same on every machine, whatever else is in the file, and equal texts are never parted.

    Args:
        documents: Documents that all have a split, or none of them.

    Returns:
        Split to documents, in the given order; every document carries its split.

    Raises:
        DataError: If only some documents have a split, or there are too few for three splits.
    """
    documents = tuple(documents)
    if any(document.split is not None for document in documents):
        _check_all_split(documents)
        return _by_split(documents)
    divided = _by_split(tuple(replace(item, split=_drawn(item)) for item in documents))
    for split in _SHARES:
        if split not in divided:
            raise DataError(
                f"{len(documents)} documents are too few to draw a {split} split from. Give more "
                "documents, or a split column."
            )
    return divided


def hash_position(key: str) -> float:
    """Where a text falls in [0, 1), evenly and for ever: the first 53 bits of its sha256.

    Args:
        key: Any text.

    Returns:
        A number in [0, 1), the same for equal texts.
    """
    digest = hashlib.sha256(key.encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def drawn_split(key: str) -> str:
    """Train below 0.8 of `hash_position`, dev below 0.9, else test."""
    position = hash_position(key)
    if position < _SHARES["train"]:
        return "train"
    return "dev" if position < _SHARES["train"] + _SHARES["dev"] else "test"


def _drawn(document: Document) -> str:
    text = document.text if document.text is not None else " ".join(document.tokens or ())
    return drawn_split(text)


def _by_split(documents: tuple[Document, ...]) -> dict[str, tuple[Document, ...]]:
    groups: dict[str, list[Document]] = {split: [] for split in _SHARES}
    for document in documents:
        groups.setdefault(str(_canonical(document)), []).append(document)
    return {split: tuple(group) for split, group in groups.items() if group}


def _canonical(document: Document) -> str | None:
    return None if document.split is None else _alias(document.split)


def _alias(split: str) -> str:
    return SPLIT_ALIASES.get(split, split)


def _check_all_split(documents: tuple[Document, ...]) -> None:
    without = [document for document in documents if document.split is None]
    if without and len(without) < len(documents):
        raise DataError(
            f"document {without[0].id!r} and {len(without) - 1} others have no split, while "
            f"{len(documents) - len(without)} have one. Give every row a split, or none."
        )
