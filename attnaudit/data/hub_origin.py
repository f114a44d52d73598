"""A data set of the hub as documents: its rows converted, left out and counted."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from attnaudit.data.hub import Repository
from attnaudit.data.hub_rows import HubRow, hub_rows
from attnaudit.data.readers.folder import SPLIT_ALIASES
from attnaudit.errors import DataError
from attnaudit.records import Document


@dataclass(frozen=True, kw_only=True, slots=True)
class HubOrigin:
    """A repository of the hub and what makes documents of its rows.

    Attributes:
        repository: Where the rows come from.
        prefix: Begins the ids: "<prefix>-<split>-<row number>".
        convert: From a document with the row's text and class to the one to keep, or None to
            leave it out. Rows without a class are left out before.
        counts: Split to the number of documents that are kept.
    """

    repository: Repository
    prefix: str
    convert: Callable[[Document], Document | None]
    counts: Mapping[str, int]

    @property
    def edition(self) -> str:
        """The commit."""
        return self.repository.revision

    def documents(self, cache: Path) -> Iterator[Document]:
        """Fetch the commit, or read the copy in the folder hub below the cache.

        Raises:
            MissingExtraError: If the extra "datasets" is not installed.
            DataError: If it cannot be fetched, or is not what was pinned.
        """
        kept: Counter[str] = Counter()
        for row in hub_rows(self.repository, shelf=cache / "hub"):
            document = None if row.label is None else self.convert(_document(self.prefix, row))
            if document is not None:
                kept[str(document.split)] += 1
                yield document
        if kept != Counter(self.counts):
            raise DataError(
                f"{self.repository.name} gives {_listed(kept)} documents; expected "
                f"{_listed(self.counts)}, so other rows have a label than when it was pinned. "
                f"Fetch commit {self.repository.revision} of it, or name a local file instead."
            )

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Which repository it is, and how many documents are made of its rows."""
        rows = {SPLIT_ALIASES.get(split, split): n for split, n in self.repository.rows.items()}
        left_out = {split: rows[split] - n for split, n in self.counts.items() if n < rows[split]}
        lines = [
            ("source", f"{self.repository.name} on the Hugging Face hub (extra: datasets)"),
            ("commit", self.repository.revision),
            ("documents", _listed(self.counts)),
        ]
        if left_out:
            lines.append(("left out", _listed(left_out)))
        return tuple(lines)


def _document(prefix: str, row: HubRow) -> Document:
    split = SPLIT_ALIASES.get(row.split, row.split)
    return Document(
        id=f"{prefix}-{split}-{row.number}",
        text=row.text,
        text2=row.text2,
        label=row.label,
        split=split,
    )


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {split}" for split, number in counts.items())
