"""How attention and importance of every word go together, counted from stored tables."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from attnaudit.errors import InternalError
from attnaudit.reports.html.known import TAU
from attnaudit.reports.html.series import audited
from attnaudit.store.parts import Parts

EXPONENTS = (-3, 3)
"""Of ten, at the ends of both axes; a word beyond them is counted at the end."""
CELLS = (72, 36)
"""Cells across and up, an even number for each power of ten."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WordCounts:
    """How many words have so much attention and so much importance.

    Attributes:
        counts: [across, up] words per cell, by attention and by importance.
        documents: How many documents they are of.
    """

    counts: NDArray[np.int64]
    documents: int


def count_words(documents: Parts, values: Parts) -> WordCounts | None:
    """Attention and importance of every word, counted part by part.

    Both are taken as multiples of an even spread: the share of the document's sum, times its
    number of words. Documents of one word, or whose words all have no importance, are left out.

    Args:
        documents: The parts of the documents.
        values: The parts of what was measured on them.

    Returns:
        None if no importance was kept.

    Raises:
        InternalError: If the importance is not that of the documents.
    """
    total, used = np.zeros(CELLS, np.int64), 0
    for described, measured in zip(audited(documents), values.tables(), strict=False):
        rows = measured.filter(pc.equal(measured["quantity"], TAU))
        if rows["importance"].null_count == len(rows):
            continue
        _check_alike(described, rows, values)
        kept = pc.is_valid(rows["importance"])
        attention, importance = (
            _multiples(column.filter(kept))
            for column in (described["attention"], rows["importance"])
        )
        usable = (attention.lengths > 1) & (importance.sums > 0)
        words = np.repeat(usable, attention.lengths)
        edges = [np.linspace(*EXPONENTS, size + 1) for size in CELLS]
        across, up = (_exponents(one.words[words]) for one in (attention, importance))
        total += np.histogram2d(across, up, bins=edges)[0].astype(np.int64)
        used += int(np.count_nonzero(usable))
    return WordCounts(counts=total, documents=used) if used else None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Multiples:
    lengths: NDArray[np.int64]
    sums: NDArray[np.float64]
    words: NDArray[np.float64]


def _multiples(lists: pa.ChunkedArray) -> _Multiples:
    """Shares of each list's sum times its length; 0 where the sum is."""
    lengths = pc.list_value_length(lists).to_numpy().astype(np.int64)
    flat = pc.list_flatten(lists).to_numpy()
    # Every document has a token, so no stretch is empty.
    sums = np.add.reduceat(flat, np.cumsum(lengths) - lengths) if len(lengths) else np.empty(0)
    scales = np.divide(lengths, sums, out=np.zeros_like(sums), where=sums > 0)
    return _Multiples(lengths=lengths, sums=sums, words=flat * np.repeat(scales, lengths))


def _exponents(multiples: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = EXPONENTS
    places: NDArray[np.float64] = np.log10(np.clip(multiples, 10.0**low, 10.0**high))
    # The logarithm of an end may lie a hair beyond it.
    return np.clip(places, low, high)


def _check_alike(described: pa.Table, rows: pa.Table, values: Parts) -> None:
    lengths = (pc.list_value_length(one) for one in (described["attention"], rows["importance"]))
    same = described["id"].equals(rows["document"])
    # A comparison with an importance that was not kept is neither true nor false.
    if not same or not pc.all(pc.equal(*lengths), min_count=0).as_py():
        raise InternalError(
            f"the importance in {values.folder} does not match the stored documents; remove the "
            "report directory and run again"
        )
