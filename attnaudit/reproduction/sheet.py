"""Everything that a reproduction found, ready to be written. Needs no torch."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from attnaudit.reproduction.cells import Cell
from attnaudit.reproduction.documents import Prepared
from attnaudit.reproduction.findings import Finding
from attnaudit.reproduction.request import Request

Row = tuple[str, str, str, str]
"""Task, encoder, attention and group."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """The numbers of all models so far.

    Attributes:
        request: What was asked for.
        prepared: Task name to its documents.
        comparable: Task name to whether the test documents are the paper's, prepared alike.
        cells: Every number.
        findings: Every claim that could be judged.
        unmeasured: Name of a model to why it cannot be measured, so that it has no cells.
        trained: Models measured.
        total: Models asked for.
    """

    request: Request
    prepared: Mapping[str, Prepared]
    comparable: Mapping[str, bool]
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]
    unmeasured: Mapping[str, str]
    trained: int
    total: int

    def by_row(self) -> dict[Row, dict[str, Cell]]:
        """The cells by task, encoder, attention and group, and in these by quantity."""
        rows: dict[Row, dict[str, Cell]] = {}
        for cell in self.cells:
            key = (cell.task, cell.encoder, cell.attention, cell.group)
            rows.setdefault(key, {})[cell.quantity] = cell
        return rows

    def compared(self) -> Iterator[Cell]:
        """The cells that are held against a published value, and so may be marked."""
        return (cell for cell in self.cells if cell.compared)

    def marked(self) -> Iterator[Cell]:
        """The cells that differ from the published ones by more than chance explains."""
        return (cell for cell in self.cells if cell.marked)

    def to_json(self) -> str:
        """The content of sheet.json; undefined numbers are null."""
        return (
            json.dumps(
                {
                    "schema": 1,
                    "trained": self.trained,
                    "total": self.total,
                    "as_published": self.request.as_published,
                    "embeddings": None
                    if self.request.embeddings is None
                    else str(self.request.embeddings),
                    "documents": {
                        name: {
                            "source": one.source,
                            "counts": one.counts,
                            "left_out": one.left_out,
                            "comparable": self.comparable[name],
                        }
                        for name, one in self.prepared.items()
                    },
                    "cells": [_cell(cell) for cell in self.cells],
                    "unmeasured": dict(self.unmeasured),
                    "findings": [_finding(finding) for finding in self.findings],
                },
                indent=1,
                allow_nan=False,
            )
            + "\n"
        )


def _cell(cell: Cell) -> dict[str, object]:
    return {
        "task": cell.task,
        "encoder": cell.encoder,
        "attention": cell.attention,
        "group": cell.group,
        "quantity": cell.quantity,
        "seeds": [_finite(value) for value in cell.seeds],
        "mean": _finite(cell.mean),
        "spread": _finite(cell.spread),
        "published": _finite(cell.published),
        "difference": cell.difference,
        "limit": cell.limit,
        "marked": cell.marked,
    }


def _finding(finding: Finding) -> dict[str, object]:
    row = finding.verdict.rows[0]
    return {
        "id": finding.claim.id,
        "task": finding.task.name,
        "seed": finding.seed,
        "outcome": finding.verdict.outcome.value,
        "estimate": _finite(row.estimate),
        "published": _finite(finding.published),
        "low": _finite(row.low),
        "high": _finite(row.high),
        "n": row.n,
        "undefined": row.undefined,
        "kind": finding.verdict.kind.value,
    }


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None
