"""SNLI: one JSON object per pair of a premise and a hypothesis."""

import re
from collections.abc import Iterator
from pathlib import Path

from attnaudit.data.readers.json_lines import read_json_lines
from attnaudit.data.readers.layout import holdings, split_files
from attnaudit.data.readers.row import Row
from attnaudit.errors import DataError

_NAME = re.compile(r"snli_1\.0_(?P<split>train|dev|test)(?:_\w+)?\.jsonl")
_SPLITS = {"train": "train", "dev": "dev", "test": "test"}
_LABELS = ("contradiction", "entailment", "neutral")
_NO_MAJORITY = "-"
_KEYS = ("pairID", "sentence1", "sentence2", "gold_label")


def read_snli(path: Path) -> Iterator[Row]:
    """Pairs with a gold label; those on which no majority agreed ("-") are left out.

    The text is the premise, over which the paper's models attend; the second text is the
    hypothesis, which they take as the query. In a folder, the files called
    snli_1.0_<train, dev or test>.jsonl are read (a suffix such as _part2 may follow the split), and
    their names tell the split; a single file has none.

    Args:
        path: A published file, `.gz` or not, or a folder with them.

    Yields:
        One row per pair, numbered by its place in the file and called by its pairID.

    Raises:
        DataError: If a folder holds no such file, or a line is not a pair as published.

    Source:
        Bowman et al. (2015), release 1.0; what is attended as in Jain & Wallace (2019).
    """
    if not path.is_dir():
        yield from _pairs(path)
        return
    files = split_files(path, name=_NAME, spellings=_SPLITS)
    if not files:
        raise DataError(
            f"{path} has no file called snli_1.0_train.jsonl, snli_1.0_dev.jsonl or "
            f"snli_1.0_test.jsonl; it holds {holdings(path)}. Name the folder of the release, or "
            "one file."
        )
    for file, split in files:
        for row in _pairs(file):
            where = f"{file.name}, {row.where}"
            yield Row(row.number, where, {**row.values, "split": split})


def _pairs(path: Path) -> Iterator[Row]:
    for row in read_json_lines(path):
        place = f"{path}, {row.where}"
        pair, premise, hypothesis, label = (_string(row, key, place=place) for key in _KEYS)
        if label == _NO_MAJORITY:
            continue
        if label not in _LABELS:
            raise DataError(
                f"{place} has the gold_label {ascii(label)[:40]}; the labels of SNLI are "
                f"{', '.join(_LABELS)}, and {_NO_MAJORITY!r} where no majority agreed."
            )
        values = {"id": pair, "text": premise, "text2": hypothesis, "label": label}
        yield Row(row.number, row.where, values)


def _string(row: Row, key: str, *, place: str) -> str:
    value = row.values.get(key)
    if not isinstance(value, str):
        seen = f"{ascii(value)[:40]} as {key}" if key in row.values else f"no {key}"
        raise DataError(
            f"{place} has {seen}; a pair of SNLI has the strings {', '.join(_KEYS)}. For other "
            "JSON lines name the reader jsonl:PATH and the columns to read."
        )
    return value
