"""Which reader is called what, and which file names it claims."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from attnaudit.data.readers.ag_news import read_ag_news, read_ag_news_world_business
from attnaudit.data.readers.babi import read_babi
from attnaudit.data.readers.cnn import read_cnn
from attnaudit.data.readers.delimited import read_csv, read_tsv, read_unquoted_tsv
from attnaudit.data.readers.imdb import read_imdb
from attnaudit.data.readers.json_lines import read_json_lines
from attnaudit.data.readers.parquet import read_parquet
from attnaudit.data.readers.row import Row
from attnaudit.data.readers.snli import read_snli
from attnaudit.data.readers.sst import read_sst
from attnaudit.data.readers.twenty_newsgroups import (
    read_twenty_newsgroups,
    read_twenty_newsgroups_sports,
)
from attnaudit.errors import DataError


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """A named way to turn a file or a published folder into rows.

    Attributes:
        name: What stands before the colon in `reader:path`.
        read: From a path to its rows.
        extensions: Endings of the files it takes from a folder, without dot and without `.gz`.
        reads_folders: Whether a folder is handed to it as it stands, because the data set is
            published as a folder in which names tell splits or labels. Extensions are then unused.
    """

    name: str
    read: Callable[[Path], Iterator[Row]]
    extensions: tuple[str, ...] = ()
    reads_folders: bool = False


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        reader.name: reader
        for reader in (
            Reader(name="csv", extensions=("csv",), read=read_csv),
            Reader(name="tsv", extensions=("tsv",), read=read_tsv),
            Reader(name="tsv-unquoted", extensions=("tsv",), read=read_unquoted_tsv),
            Reader(name="jsonl", extensions=("jsonl", "ndjson"), read=read_json_lines),
            Reader(name="parquet", extensions=("parquet",), read=read_parquet),
            Reader(name="sst", extensions=("txt",), read=read_sst),
            Reader(name="ag-news", extensions=("csv",), read=read_ag_news),
            Reader(
                name="ag-news-world-business",
                extensions=("csv",),
                read=read_ag_news_world_business,
            ),
            Reader(name="snli", read=read_snli, reads_folders=True),
            Reader(name="imdb", read=read_imdb, reads_folders=True),
            Reader(name="20newsgroups", read=read_twenty_newsgroups, reads_folders=True),
            Reader(
                name="20newsgroups-sports", read=read_twenty_newsgroups_sports, reads_folders=True
            ),
            Reader(name="cnn", read=read_cnn, reads_folders=True),
            Reader(name="babi", read=read_babi, reads_folders=True),
            Reader(name="babi-1", read=partial(read_babi, task=1), reads_folders=True),
            Reader(name="babi-2", read=partial(read_babi, task=2), reads_folders=True),
            Reader(name="babi-3", read=partial(read_babi, task=3), reads_folders=True),
        )
    }
)
_UNFORCED = ("csv", "tsv", "jsonl", "parquet", "sst")


def stem_and_extension(path: Path) -> tuple[str, str]:
    """The name without `.gz` and extension, and the extension in lower case without its dot."""
    inner = Path(path.name.removesuffix(".gz"))
    return inner.stem, inner.suffix.removeprefix(".").lower()


def reader_by_extension(path: Path) -> Reader | None:
    """The reader that takes a file of this name where none is named, or None."""
    _, extension = stem_and_extension(path)
    candidates = (READERS[name] for name in _UNFORCED)
    return next((reader for reader in candidates if extension in reader.extensions), None)


def reader_for(path: Path) -> Reader:
    """The reader for a single file.

    Args:
        path: A file.

    Returns:
        The reader that its extension asks for.

    Raises:
        DataError: If no reader claims the extension.
    """
    reader = reader_by_extension(path)
    if reader is None:
        known = sorted(f".{ending}" for name in _UNFORCED for ending in READERS[name].extensions)
        raise DataError(
            f"{path} has an extension that no reader claims (known: {', '.join(known)}, each also "
            f"with .gz). Name the reader: READER:{path}, with one of {', '.join(READERS)}."
        )
    return reader
