"""One commit of a data set on the Hugging Face hub, by the library that the hub is read with."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from attnaudit.errors import DataError, MissingExtraError

_FORMATS = ("parquet", "json", "csv")
_SILENT = {"HF_UPDATE_DOWNLOAD_COUNTS": "0", "HF_HUB_DISABLE_TELEMETRY": "1"}
"""Settings of the library under which it reports to nobody; it reads them when it is imported."""


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
        rows: Split, as the hub calls it, to its number of rows; other splits are not read.
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
    formats only plain tables are let through.

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
        DataError: If the repository cannot be fetched, or is in another format.
    """
    datasets = _library()
    copy = shelf / repository.name
    by_hand = copy.is_dir()
    try:
        with _bars_on_a_terminal_only(datasets):
            builder = datasets.load_dataset_builder(
                str(copy.resolve()) if by_hand else repository.name,
                repository.configuration,
                revision=None if by_hand else repository.revision,
                cache_dir=folder,
            )
            # Before anything is read: the library knows many formats, and none of the others is
            # needed.
            _check_format(builder.info.builder_name, copy if by_hand else repository.name)
            builder.download_and_prepare()
            splits: Mapping[str, Any] = builder.as_dataset()
    except DataError:
        raise
    except Exception as error:
        # The library, its readers, the hub's client and its transport each raise their own.
        place = str(copy) if by_hand else f"{repository.name} at commit {repository.revision}"
        raise DataError(
            f"{place} could not be read. The library datasets said: {type(error).__name__}: "
            f"{error}\nCheck the network and try again; or put a copy of that commit of the "
            f"hub's repository into {copy}; or name a local file instead."
        ) from error
    return splits


def _library() -> ModuleType:
    for setting, value in _SILENT.items():
        os.environ.setdefault(setting, value)
    try:
        # Takes seconds, so only who fetches from the hub pays.
        return import_module("datasets")
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"data sets on the hub need {error.name}, which is not installed. Run: pip install "
            "'attnaudit[datasets]'; or name a local file instead."
        ) from error


@contextmanager
def _bars_on_a_terminal_only(datasets: ModuleType) -> Iterator[None]:
    hide = not (sys.stderr.isatty() or datasets.are_progress_bars_disabled())
    if hide:
        datasets.disable_progress_bars()
    try:
        yield
    finally:
        if hide:
            datasets.enable_progress_bars()


def _check_format(found: str, place: str | Path) -> None:
    if found not in _FORMATS:
        raise DataError(
            f"{place} is in the format {found!r}; only {', '.join(_FORMATS)} are read. "
            "Name a local file in one of them instead."
        )
