"""Rows of a data set of the hub, each checked against what was pinned."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attnaudit.data.hub import Repository, fetch_splits
from attnaudit.errors import DataError

_ROWS_AT_A_TIME = 4096


@dataclass(frozen=True, slots=True)
class HubRow:
    """One row of a split.

    Attributes:
        split: Its split as the hub calls it.
        number: 1 for the first row of the split.
        text: The text.
        text2: The second text, or None where the set has none.
        label: Name of its class, or None where nobody could tell.
    """

    split: str
    number: int
    text: str
    text2: str | None
    label: str | None


def hub_rows(repository: Repository, *, shelf: Path) -> Iterator[HubRow]:
    """Every row of the splits that are asked for, in the order of the repository's files.

    Args:
        repository: What to fetch.
        shelf: A folder in which a copy of the repository made by hand is looked for first, under
            OWNER/NAME.

    Yields:
        Rows, split by split.

    Raises:
        MissingExtraError: If the extra "datasets" is not installed.
        DataError: If the set cannot be fetched, or a split, column, class, text or label is not
            what was expected.
    """
    # The library's own tables are needed only until the documents are made of them.
    with tempfile.TemporaryDirectory(prefix="attnaudit-") as folder:
        found = fetch_splits(repository, shelf=shelf, folder=folder)
        for split in repository.rows:
            yield from _rows(repository, split, _checked(repository, split, found))


def _checked(repository: Repository, split: str, found: Mapping[str, Any]) -> Any:  # noqa: ANN401  # a table of an untyped library
    if split not in found:
        raise _unexpected(repository, f"its splits are {', '.join(found)}", f"one called {split}")
    table = found[split]
    if len(table) != repository.rows[split]:
        raise _unexpected(repository, f"{split} has {len(table)} rows", f"{repository.rows[split]}")
    columns = [repository.text, repository.label, *filter(None, [repository.text2])]
    for column in columns:
        if column not in table.features:
            seen = ", ".join(map(repr, table.features))
            raise _unexpected(repository, f"the columns of {split} are {seen}", repr(column))
    names = getattr(table.features[repository.label], "names", None)
    if names is not None and tuple(names) != repository.classes:
        raise _unexpected(
            repository,
            f"the classes of {split} are {', '.join(names)}",
            f"{', '.join(repository.classes)}, in this order",
        )
    return table.select_columns(columns)


def _rows(repository: Repository, split: str, table: Any) -> Iterator[HubRow]:  # noqa: ANN401  # as above
    number = 0
    for batch in table.iter(batch_size=_ROWS_AT_A_TIME):
        texts = batch[repository.text]
        seconds = [None] * len(texts) if repository.text2 is None else batch[repository.text2]
        for text, text2, label in zip(texts, seconds, batch[repository.label], strict=True):
            number += 1
            place = f"row {number} of {split}"
            yield HubRow(
                split,
                number,
                _string(repository, text, column=repository.text, place=place),
                None
                if repository.text2 is None
                else _string(repository, text2, column=repository.text2, place=place),
                _class(repository, label, place=place),
            )


def _string(repository: Repository, value: object, *, column: str, place: str) -> str:
    if not isinstance(value, str):
        raise _unexpected(repository, f"{place} has {ascii(value)[:40]} as {column}", "a text")
    return value


def _class(repository: Repository, value: object, *, place: str) -> str | None:
    if isinstance(value, str) and value in repository.classes:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        if 0 <= value < len(repository.classes):
            return repository.classes[value]
        if value == repository.unlabelled:
            return None
    raise _unexpected(
        repository,
        f"{place} has {ascii(value)[:40]} as {repository.label}",
        f"one of {', '.join(f'{number}: {name}' for number, name in enumerate(repository.classes))}"
        + ("" if repository.unlabelled is None else f", or {repository.unlabelled} for none"),
    )


def _unexpected(repository: Repository, seen: str, expected: str) -> DataError:
    return DataError(
        f"{repository.name} is not the data set that was pinned: {seen}; expected {expected}. "
        f"Fetch commit {repository.revision} of it, or name a local file instead."
    )
