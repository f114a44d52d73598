"""One commit of a data set on the Hugging Face hub, by the library that the hub is read with."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from attnaudit.data.hub_library import hub_library
from attnaudit.errors import DataError

_FORMATS = ("parquet", "json", "csv")


@dataclass(frozen=True, kw_only=True, slots=True)
class Repository:
    """A data set on the hub, and which of its columns and labels are expected.

    Attributes:
        name: OWNER/NAME.
        revision: The commit to fetch, 40 hexadecimal digits.
        configuration: Name of its configuration, or None for the only one.
        text: Column of the text.
        text2: Column of the second text, or None.
        label: Column of the label: a number, or a name of `classes`.
        classes: Names of the labels in the order of their numbers.
        unlabelled: The number that stands for no label, or None if every row has one.
        rows: Split, as the hub calls it, to its number of rows; other splits are not kept.
    """

    name: str
    revision: str
    configuration: str | None = None
    text: str = "text"
    text2: str | None = None
    label: str = "label"
    classes: tuple[str, ...]
    unlabelled: int | None = None
    rows: Mapping[str, int]


def fetch_splits(repository: Repository, *, shelf: Path, folder: str) -> Mapping[str, Any]:
    """Every split of a repository, as tables of the library `datasets`.

    Nothing of the repository is run: since its version 4 the library refuses scripts. Of its many
    formats only plain tables are let through, and only files of the repository itself.

    Args:
        repository: What to fetch.
        shelf: A folder in which a copy of the repository made by hand is looked for first, under
            OWNER/NAME. It is the only way without a network. Which commit a copy is of cannot be
            seen.
        folder: Where the library may leave its own tables.

    Returns:
        Split to table.

    Raises:
        MissingExtraError: If the extra "datasets" is not installed.
        DataError: If the repository cannot be fetched, is in another format or names files of
            another place, or the working directory has a folder of its name.
    """
    copy = shelf / repository.name
    by_hand = copy.is_dir()
    if not by_hand:
        _check_nothing_stands_in(repository, copy)
    place = str(copy) if by_hand else f"{repository.name} at commit {repository.revision}"
    with hub_library() as datasets:
        try:
            builder = datasets.load_dataset_builder(
                str(copy.resolve()) if by_hand else repository.name,
                repository.configuration,
                revision=None if by_hand else repository.revision,
                cache_dir=folder,
            )
            # Before anything is read: the library knows many formats, and none of the others is
            # needed; and the card of a repository may name any file or address as its own.
            _check_format(builder.info.builder_name, place)
            _check_files(
                chain.from_iterable((builder.config.data_files or {}).values()),
                place,
                belongs=partial(_is_below, copy) if by_hand else partial(_is_of, repository),
            )
            builder.download_and_prepare()
            splits: Mapping[str, Any] = builder.as_dataset()
        except DataError:
            raise
        except Exception as error:
            # The library, its readers, the hub's client and its transport each raise their own.
            raise DataError(
                f"{place} could not be read. The library datasets said: {type(error).__name__}: "
                f"{error}\nCheck the network and try again; or put a copy of that commit of the "
                f"hub's repository into {copy}; or name a local file instead."
            ) from error
    return splits


def _check_nothing_stands_in(repository: Repository, copy: Path) -> None:
    # The library takes a folder of this name for the repository, whatever commit it is asked for.
    stands_in = Path(repository.name)
    if stands_in.exists():
        raise DataError(
            f"{stands_in.resolve()} would be read in place of the hub's {repository.name}. Run "
            "this in another directory; or, if it is a copy of commit "
            f"{repository.revision}, move it to {copy}."
        )


def _check_format(found: str, place: str) -> None:
    if found not in _FORMATS:
        raise DataError(
            f"{place} is in the format {found!r}; only {', '.join(_FORMATS)} are read. "
            "Name a local file in one of them instead."
        )


def _check_files(files: Iterable[str], place: str, *, belongs: Callable[[str], bool]) -> None:
    for file in files:
        if not belongs(file):
            raise DataError(
                f"{place} names {file} as its data, which is no file of it; nothing was read. "
                "Mend data_files in the README.md of a copy, or name a local file instead."
            )


def _is_below(copy: Path, file: str) -> bool:
    path = Path(file)
    return path.is_absolute() and path.resolve().is_relative_to(copy.resolve())


def _is_of(repository: Repository, file: str) -> bool:
    commit = f"hf://datasets/{repository.name}@{repository.revision}/"
    return file.startswith(commit) and ".." not in PurePosixPath(file).parts
