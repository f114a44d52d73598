"""IMDB, the folder aclImdb: one file per film review."""

from collections.abc import Iterator
from pathlib import Path

from attnaudit.data.readers.layout import entries, holdings, split_folders
from attnaudit.data.readers.row import Row
from attnaudit.data.readers.whole_text import whole_text
from attnaudit.errors import DataError

_SPLITS = {"train": "train", "test": "test"}
_LABELS = ("neg", "pos")
_LINE_BREAK = "<br />"
_PUBLISHED = (
    "The folder aclImdb has train and test, each with the folders pos and neg of .txt files: name "
    "it, or one of these two."
)


def read_imdb(path: Path) -> Iterator[Row]:
    """Reviews labelled "neg" or "pos", as their folders are called.

    The unlabelled reviews (train/unsup) are not read, nor is anything beside the reviews. The
    line breaks that the published files spell as "<br />" become spaces; nothing else is changed.

    Args:
        path: The published folder, or its train or test folder alone, whose reviews then have no
            split.

    Yields:
        One row per review, called "<folder>-<label>-<file name>", for example "test-neg-0_2".

    Raises:
        DataError: If a folder that the format asks for is missing or empty, a review is not UTF-8,
            or a link leads out of the folder.

    Source:
        Maas et al. (2011).
    """
    number = 0
    if not path.is_dir():
        raise DataError(f"{path} is no folder. {_PUBLISHED}")
    for folder, split in split_folders(path, _SPLITS):
        for label in _LABELS:
            for file in _reviews(folder, label, root=path):
                number += 1
                text = without_line_breaks(whole_text(file, encoding="utf-8"))
                stem = file.name.removesuffix(".gz").removesuffix(".txt")
                name = f"{folder.resolve().name}-{label}-{stem}"
                values = {"id": name, "text": text, "label": label, "split": split}
                yield Row(number, f"{file.relative_to(path)}", values)


def without_line_breaks(text: str) -> str:
    """A review with a space for each "<br />"."""
    return text.replace(_LINE_BREAK, " ")


def _reviews(folder: Path, label: str, *, root: Path) -> list[Path]:
    labelled = {path.name: path for path in entries(folder, root=root)}.get(label)
    if labelled is None:
        raise DataError(
            f"{folder} has no folder {label!r}; it holds {holdings(folder)}. {_PUBLISHED}"
        )
    found = [
        path
        for path in entries(labelled, root=root)
        if path.name.removesuffix(".gz").endswith(".txt")
    ]
    if not found:
        raise DataError(f"{labelled} has no review; it holds {holdings(labelled)}. {_PUBLISHED}")
    return found
