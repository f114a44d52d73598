"""Some of the stored documents, and what an adversary found for them, by index."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from attnaudit.reports.html.series import audited
from attnaudit.reports.known import DIVERGENCE
from attnaudit.store.parts import Parts


def read_rows(documents: Parts, indices: Collection[int]) -> dict[int, dict[str, Any]]:
    """Some of the stored documents by index; all others are passed over.

    Args:
        documents: The parts of the documents.
        indices: Which documents, counted without those that were left out.
    """
    return dict(_rows_at(audited(documents), indices))


def read_witnesses(adversary: Parts, indices: Collection[int]) -> dict[int, dict[str, Any]]:
    """What an adversary found for some of the documents, by index.

    Args:
        adversary: The parts of its measurement.
        indices: Which documents, counted without those that were left out.
    """
    divergences = (
        table.filter(pc.equal(table["quantity"], DIVERGENCE)) for table in adversary.tables()
    )
    return dict(_rows_at(divergences, indices))


def _rows_at(
    tables: Iterable[pa.Table], indices: Collection[int]
) -> Iterator[tuple[int, dict[str, Any]]]:
    wanted = np.unique(np.fromiter(indices, dtype=np.int64))
    begin = 0
    for table in tables:
        here = wanted[(wanted >= begin) & (wanted < begin + len(table))]
        # Words and weights become Python objects only here: a part has millions of them.
        yield from zip(here.tolist(), table.take(here - begin).to_pylist(), strict=True)
        begin += len(table)
