"""Documents from a catalog name, a file or a folder."""

import difflib
from collections.abc import Iterator, Mapping
from os import PathLike, fspath
from pathlib import Path

from attnaudit.data import catalog
from attnaudit.data.ids import check_ids
from attnaudit.data.readers.documents import documents_from_rows
from attnaudit.data.readers.folder import sources
from attnaudit.data.readers.registry import READERS, Reader, stem_and_extension
from attnaudit.errors import DataError
from attnaudit.records import Document


def read_documents(
    source: str | PathLike[str], *, columns: Mapping[str, str] | None = None
) -> tuple[Document, ...]:
    """Read every document of a source, in its order.

    Args:
        source: A name in the catalog (fetched if need be; write ./NAME for a file called so), a
            file, a folder with train, dev and test files, or `reader:path`, which forces a reader.
        columns: Field to column where they differ, for example {"text": "review"}. The fields are
            text, label, text2, id, split, tokens, rationale and cluster; `exp_split` is known as
            split.

    Returns:
        At least one document; ids are unique. Without an id column they are
        "<file name>-<row number>".

    Raises:
        DataError: If the source does not exist, cannot be read, is empty, or does not have the
            columns that are asked for.
        MissingExtraError: If it is on a hub and the extra "datasets" is not installed.
    """
    path, reader = _resolved(fspath(source))
    documents = tuple(_documents(path, reader, columns or {}))
    check_ids(documents, source=str(path))
    return documents


def _resolved(source: str) -> tuple[Path, Reader | None]:
    if source in catalog.names():
        return catalog.get(source), READERS["jsonl"]
    prefix, colon, rest = source.partition(":")
    reader = READERS.get(prefix) if colon else None
    path = Path(rest if reader else source)
    if not path.exists():
        raise DataError(_missing(source, path, unknown_reader=prefix if rest else None))
    return path, reader


def _missing(source: str, path: Path, *, unknown_reader: str | None) -> str:
    message = f"there is no data set or file {source!r}."
    if unknown_reader and unknown_reader not in READERS:
        message += f" {unknown_reader!r} is no reader either; the readers are {', '.join(READERS)}."
    siblings = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, [*catalog.names(), *siblings])
    if near:
        message += f" Did you mean {' or '.join(near)}?"
    return (
        f"{message} Give a path that exists, READER:PATH, or a name from the catalog "
        f"({', '.join(catalog.names())})."
    )


def _documents(path: Path, reader: Reader | None, columns: Mapping[str, str]) -> Iterator[Document]:
    for source in sources(path, reader=reader):
        yield from documents_from_rows(
            source.reader.read(source.path),
            path=source.path,
            stem=stem_and_extension(source.path)[0],
            columns=columns,
            split=source.split,
        )
