"""Pretrained word vectors in the common text formats."""

from collections.abc import Collection
from itertools import chain
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attnaudit.data.readers.lines import read_lines
from attnaudit.errors import DataError

Vectors = dict[str, NDArray[np.float32]]

_LARGEST = float(np.finfo(np.float32).max)


def read_vectors(path: str | PathLike[str], vocabulary_words: Collection[str]) -> Vectors:
    """The vectors of some words from word2vec text, fastText `.vec` or GloVe, `.gz` or not.

    Each line is a word and its numbers, with one blank between them; a first line of two whole
    numbers is word2vec's and fastText's header (number of words, dimension). Words are compared as
    they are spelled, and a word of the file may hold blanks, as some of GloVe's do.

    Args:
        path: A UTF-8 file.
        vocabulary_words: The words to keep.

    Returns:
        Word to float32 vector, all of one dimension; words that the file lacks are left out.

    Raises:
        DataError: If the file is missing, empty or shorter than its header says, a line has the
            wrong number of values or one that is no finite number, or a word that is wanted has
            two different vectors.
    """
    path = Path(path)
    wanted = frozenset(vocabulary_words)
    lines = read_lines(path)
    _, first = next(lines, (1, ""))
    header = _header(first)
    dimension = header[1] if header else len(_stripped(first).split(" ")) - 1
    if dimension < 1:
        raise DataError(
            f"{path} does not begin with word vectors. Give word2vec text, fastText .vec or GloVe."
        )
    vectors: Vectors = {}
    last = 1
    for last, line in lines if header else chain([(1, first)], lines):
        place = f"{path}, line {last}"
        word, values = _entry(_stripped(line), dimension, place=place)
        if word in wanted:
            _keep(vectors, word, _vector(values.split(" "), place=place), place=place)
    if header and last != header[0] + 1:
        raise DataError(f"{path} announces {header[0]} vectors but has {last - 1}. Fetch it again.")
    return vectors


def _header(line: str) -> tuple[int, int] | None:
    pieces = line.split()
    if len(pieces) != 2 or not all(piece.isdecimal() for piece in pieces):
        return None
    return int(pieces[0]), int(pieces[1])


def _stripped(line: str) -> str:
    # Not every white space: some words of these files are unusual blanks themselves.
    return line.rstrip(" \r\n")


def _entry(line: str, dimension: int, *, place: str) -> tuple[str, str]:
    # Most lines of such a file are not wanted, so they are counted and not split.
    count = line.count(" ")
    word, _, values = line.partition(" ")
    if count == dimension:
        return word, values
    pieces = line.rsplit(" ", dimension)
    extra = pieces[0].split(" ")[1:]
    if count < dimension or all(map(_is_number, extra)):
        raise DataError(
            f"{place} has {count} values after {ascii(word)[:40]}; the vectors of "
            f"this file have {dimension}. Mend the line or fetch the file again."
        )
    return pieces[0], " ".join(pieces[1:])


def _is_number(piece: str) -> bool:
    try:
        float(piece)
    except ValueError:
        return False
    return True


def _vector(values: list[str], *, place: str) -> NDArray[np.float32]:
    for value in values:
        if not _is_number(value) or not abs(float(value)) <= _LARGEST:
            raise DataError(
                f"{place} has {ascii(value)[:40]} where a finite number should stand. Mend the "
                "line or fetch the file again."
            )
    return np.array(values, dtype=np.float32)


def _keep(vectors: Vectors, word: str, vector: NDArray[np.float32], *, place: str) -> None:
    if word in vectors and not np.array_equal(vectors[word], vector):
        raise DataError(
            f"{place} gives {word!r} a second, different vector. Remove one of the two lines."
        )
    vectors[word] = vector
