"""Stanford Sentiment Treebank: one bracketed tree per line, or the paper's table made of it."""

import re
from collections.abc import Iterator
from pathlib import Path

from attnaudit.data.readers.delimited import read_csv
from attnaudit.data.readers.lines import read_lines
from attnaudit.data.readers.row import Row
from attnaudit.errors import DataError

_PIECE = re.compile(r"\((?P<label>[0-4]) |(?P<close>\)) ?|(?P<word>[^()\n]+)")
_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-lrb-": "(", "-rrb-": ")"}
_NEUTRAL = 2


def read_sst(path: Path) -> Iterator[Row]:
    """Sentences of the binary task: negative is "0", positive is "1", neutral ones are left out.

    The labels are spelled as in the table that the paper's authors made, so that a model trained
    on one can be audited on the other; for a model whose classes are (negative, positive) they
    are indices into them. Words are the tree's own tokens, with the treebank's escapes undone.

    Args:
        path: A file of trees, or the authors' csv (columns text, label, exp_split); `.gz` or not.

    Yields:
        One row per sentence that is not neutral, numbered by its line in the file.

    Raises:
        DataError: If a line is not a bracketed tree with labels 0 to 4.

    Source:
        Socher et al. (2013); the binary task as in Jain & Wallace (2019).
    """
    if path.name.removesuffix(".gz").lower().endswith(".csv"):
        yield from read_csv(path)
        return
    for number, line in read_lines(path):
        if not line.strip():
            continue
        where = f"line {number}"
        label, words = _tree(line.strip(), place=f"{path}, {where}")
        if label != _NEUTRAL:
            yield Row(number, where, {"tokens": words, "label": str(int(label > _NEUTRAL))})


def _tree(line: str, *, place: str) -> tuple[int, list[str]]:
    words: list[str] = []
    root, depth, end = -1, 0, 0
    for piece in _PIECE.finditer(line):
        closed_before = depth == 0 and end > 0
        if piece.start() != end or closed_before or (depth == 0 and piece["label"] is None):
            break
        end = piece.end()
        if piece["label"] is not None:
            root = int(piece["label"]) if depth == 0 else root
            depth += 1
        elif piece["close"] is not None:
            depth -= 1
        else:
            words.append(unescaped(piece["word"]))
    if end != len(line) or depth != 0 or not words:
        raise DataError(
            f"{place} is not a bracketed tree like (3 (2 A) (4 delight)); it goes wrong at "
            f"character {end + 1}. Only the treebank's trees are read from .txt: give other "
            "documents as csv, tsv, jsonl or parquet."
        )
    return root, words


def unescaped(word: str) -> str:
    """A word without the treebank's escapes of brackets, slashes and stars."""
    return _BRACKETS.get(word, word.replace("\\/", "/").replace("\\*", "*"))
