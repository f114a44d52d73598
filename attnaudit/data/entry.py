"""A named data set, and what every place that one can come from has in common."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from attnaudit.data.tokenization import Tokenizer
from attnaudit.records import Document


class Origin(Protocol):
    """Where a data set comes from, pinned."""

    @property
    def edition(self) -> str | None:
        """What tells two editions of a set apart in the cache, or None where its digest does."""

    def documents(self, cache: Path) -> Iterable[Document]:
        """Fetch and convert it.

        Args:
            cache: Folder below which copies fetched by hand are looked for first.

        Raises:
            DataError: If it cannot be fetched, or is not what was pinned.
            MissingExtraError: If a library that it needs is not installed.
        """

    def lines(self) -> tuple[tuple[str, str], ...]:
        """What to show of it: heads and what stands beside them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A named data set.

    Attributes:
        name: What to call it by.
        description: What it is and how it was prepared.
        task: What is to be told apart.
        classes: Sorted class names.
        tokenizer: What splits its texts as they are meant to be split.
        min_tokens: Fewest words of a document, or None where none is left out for that.
        max_tokens: Most words of a document, or None.
        origin: Where it comes from.
        sha256: Digest of the documents.jsonl made of it; None where the digest of the first fetch
            is recorded instead and holds from then on.
    """

    name: str
    description: str
    task: str
    classes: tuple[str, ...]
    tokenizer: Tokenizer
    min_tokens: int | None = None
    max_tokens: int | None = None
    origin: Origin
    sha256: str | None = None
