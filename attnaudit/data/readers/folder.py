"""Which files of a folder are read, by which reader, as which split."""

from dataclasses import dataclass
from pathlib import Path

from attnaudit.data.readers.registry import (
    READERS,
    Reader,
    reader_by_extension,
    reader_for,
    stem_and_extension,
)
from attnaudit.errors import DataError

SPLIT_ALIASES = {"val": "dev", "valid": "dev", "validation": "dev"}
"""Other names of the dev split."""

_SPLITS = ("train", "dev", "test")


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A file to read, or a folder that is read as one.

    Attributes:
        path: The file, or the folder for a reader that reads folders itself.
        reader: What reads it.
        split: The split its name puts all its rows in, or None.
    """

    path: Path
    reader: Reader
    split: str | None


def sources(path: Path, *, reader: Reader | None) -> tuple[Source, ...]:
    """The files behind a path.

    In a folder, files named for splits (train, dev, test; val, valid and validation mean dev)
    are read where there are any, and nothing else. Otherwise every file with a known extension
    is. Either way they must have one format and every file stands once. A reader that reads
    folders itself is given the folder as it stands.

    Args:
        path: An existing file or folder.
        reader: The reader that was named, or None to go by extension.

    Returns:
        Files in the order train, dev, test, or by name.

    Raises:
        DataError: If the extension is unknown, or the folder has no layout that is known.
    """
    if not path.is_dir() or (reader is not None and reader.reads_folders):
        return (Source(path=path, reader=reader or reader_for(path), split=None),)
    readable = _readable(path, reader)
    named = [source for source in readable if source.split in _SPLITS]
    named.sort(key=lambda source: _SPLITS.index(str(source.split)))
    found = named or [
        Source(path=source.path, reader=source.reader, split=None) for source in readable
    ]
    _check_layout(path, found, reader)
    return tuple(found)


def _readable(folder: Path, reader: Reader | None) -> list[Source]:
    found = []
    for path in sorted(folder.iterdir()):
        stem, extension = stem_and_extension(path)
        chosen = reader_by_extension(path) if reader is None else reader
        if chosen and extension in chosen.extensions and path.is_file():
            found.append(Source(path=path, reader=chosen, split=SPLIT_ALIASES.get(stem, stem)))
    return found


def _check_layout(folder: Path, found: list[Source], reader: Reader | None) -> None:
    if not found:
        wanted = f"{reader.name} reads" if reader else "a reader reads"
        names = ", ".join(path.name for path in sorted(folder.iterdir())[:8]) or "nothing"
        raise DataError(
            f"{folder} has no file that {wanted}; it holds {names}. Name a file, or a folder with "
            "train, dev and test files, with one of the readers "
            f"{', '.join(READERS)} as READER:{folder}."
        )
    formats = sorted({source.reader.name for source in found})
    if len(formats) > 1:
        raise DataError(
            f"{folder} holds several formats ({', '.join(formats)}), so it is not clear what to "
            f"read. Name the reader, for example {formats[0]}:{folder}, or name one file."
        )
    stems = [source.split or stem_and_extension(source.path)[0] for source in found]
    twice = next((stem for stem in stems if stems.count(stem) > 1), None)
    if twice is not None:
        raise DataError(
            f"{folder} holds {twice!r} more than once (packed and unpacked, or under two names of "
            "one split). Remove one, or name the file to read."
        )
