"""The first parts of a table that may have grown since, or is longer than another one.

Where documents are drawn until a claim is decided, measurements of one model end at different
documents. All lie in the same order of drawing and are cut into parts at the same documents, so the
first parts of each are about the same documents.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyarrow as pa

from attnaudit.store.parts import Parts

_LOOKS = "looks"


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A state that a growing table was in.

    Attributes:
        drawn: Documents that had been drawn.
        parts: Parts that held them.
    """

    drawn: int
    parts: int


@dataclass(frozen=True, slots=True)
class FirstParts(Parts):
    """A table as it was when it had this many parts."""

    count: int

    def tables(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """The parts in order, no more than `count`; all columns, or only those that are named."""
        # Not super(): a dataclass with slots is not the class that its methods were written in.
        yield from islice(Parts.tables(self, columns), self.count)


def first_parts(parts: Parts, count: int | None) -> Parts:
    """The table as it was with this many parts; as it is, if None."""
    if count is None:
        return parts
    return FirstParts(parts.folder, parts.prefix, parts.marker, parts.schema, count)


def looks_entry(looks: tuple[Look, ...]) -> dict[str, Any]:
    """What the marker of a growing table says of its states so far."""
    return {_LOOKS: [[look.drawn, look.parts] for look in looks]}


def looks_of(summary: Mapping[str, Any]) -> tuple[Look, ...]:
    """The states that a finished table has been in; none if it was made in one go.

    Args:
        summary: What its marker says.
    """
    return tuple(Look(drawn=drawn, parts=parts) for drawn, parts in summary.get(_LOOKS, ()))
