"""Tables of the store that are computed once, by whichever process comes first, and may grow."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from attnaudit.records import Document
from attnaudit.runs.progress import progress_line
from attnaudit.runs.stream import part_ranges
from attnaudit.store.directory import RunDirectory
from attnaudit.store.first import Look, looks_entry, looks_of
from attnaudit.store.parts import Parts


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """What is to be stored, and how it is computed.

    Attributes:
        parts: Where it lies.
        key: What it is stored under.
        description: What is being done, for the progress line.
        write: Writes what is missing of `documents`, cut at `ends`, and tells `advance` how many
            documents are done.
        summary: What its marker says beside that.
        grows: Whether more documents may be asked for later.
    """

    parts: Parts
    key: str
    description: str
    write: Callable[..., None]
    summary: Mapping[str, object]
    grows: bool


def ensure(
    table: Table,
    directory: RunDirectory,
    documents: tuple[Document, ...],
    *,
    ends: tuple[int, ...],
    shown: bool,
) -> dict[str, Any]:
    """Compute a table as far as it is needed, unless this or another process already has.

    Args:
        table: What to compute.
        directory: Holds its lock.
        documents: All that may be needed, in their order.
        ends: After how many documents the table was or is looked at; it is needed to the last.
        shown: Whether to draw a progress line.

    Returns:
        What its marker says, with the "seconds" it took in all.
    """
    with directory.lock(table.key):
        done = table.parts.finished()
        known = () if done is None else looks_of(done)
        if done is not None and (not table.grows or known[-1].drawn >= ends[-1]):
            return done
        begin = time.perf_counter()
        total = ends[-1]
        with progress_line(table.description, total=total, shown=shown) as advance:
            table.write(documents=documents[:total], ends=ends, advance=advance)
        before = 0.0 if done is None else float(done["seconds"])
        done = {
            **table.summary,
            "key": table.key,
            "seconds": before + time.perf_counter() - begin,
            **(looks_entry(_looks(ends)) if table.grows else {}),
        }
        table.parts.finish(done)
    return done


def _looks(ends: tuple[int, ...]) -> tuple[Look, ...]:
    return tuple(
        Look(drawn=end, parts=len(part_ranges(ends[:number])))
        for number, end in enumerate(ends, start=1)
    )
