"""One document explained on a terminal: its words, its outputs, its values for every claim."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from attnaudit.reports.how_read import document_special_mass_words, document_truncated_words
from attnaudit.reports.plain import plain
from attnaudit.reports.show_claims import claims_table
from attnaudit.reports.show_values import StoredDocument
from attnaudit.reports.show_words import FOUND, OWN, shaded_words
from attnaudit.store.run import ClaimRow

_SIDE_BY_SIDE = 100
_NAME_WIDTH = 60
_CLASSES_SHOWN = 5


def print_document(document: StoredDocument, rows: Sequence[ClaimRow], console: Console) -> None:
    """Print what a run holds of a document, in colour only where the console has any.

    Args:
        document: What is stored of it.
        rows: The run's rows, for what was decided on all documents.
        console: Where to print.
    """
    coloured = console.color_system is not None and not console.no_color
    for part in _parts(document, rows, coloured=coloured, wide=console.width >= _SIDE_BY_SIDE):
        console.print(part, highlight=False, markup=False, emoji=False)


def _parts(
    document: StoredDocument, rows: Sequence[ClaimRow], *, coloured: bool, wide: bool
) -> Iterator[RenderableType]:
    yield _heading(document)
    for said in (document_truncated_words, document_special_mass_words):
        words = said(document.row)
        if words is not None:
            yield Text(words)
    yield _outputs(document)
    yield Text()
    yield _words(document, coloured=coloured, wide=wide)
    yield Text()
    yield claims_table(document, rows)


def _heading(document: StoredDocument) -> Text:
    row, entry = document.row, document.entry
    name, model, site = (
        plain(text, width=_NAME_WIDTH) for text in (row["id"], entry.name, entry.site)
    )
    label = "no label" if row["label"] is None else f"label {plain(row['label'], width=24)}"
    return Text(
        f"document {name}, model {model}, attention site {site}, {label}, {row['length']} tokens"
    )


def _outputs(document: StoredDocument) -> Table:
    """The most probable classes, under the model's attention and under the other one."""
    own, found = document.row["probabilities"], _found(document)
    table = Table(box=None, pad_edge=False)
    table.add_column("output")
    table.add_column("model", justify="right")
    if found is not None:
        table.add_column("adversarial", justify="right")
    order = sorted(range(len(own)), key=lambda one: (-own[one], one))[:_CLASSES_SHOWN]
    for one in order:
        cells = [plain(document.entry.classes[one], width=_NAME_WIDTH), f"{own[one]:.3f}"]
        if found is not None:
            cells.append(f"{found['witness_probabilities'][one]:.3f}")
        table.add_row(*map(Text, cells))
    return table


def _words(document: StoredDocument, *, coloured: bool, wide: bool) -> RenderableType:
    tokens, found = document.row["tokens"], _found(document)
    own = shaded_words(tokens, document.row["attention"], colour=OWN if coloured else None)
    if found is None:
        return Group(Text("attention of the model"), own, Text("no other attention is stored"))
    other = shaded_words(tokens, found["witness"], colour=FOUND if coloured else None)
    heading = f"adversarial attention, {found['lower']:.3f} nats away"
    if not wide:
        return Group(Text("attention of the model"), own, Text(), Text(heading), other)
    table = Table(box=None, pad_edge=False, padding=(0, 2), expand=True)
    table.add_column("attention of the model", ratio=1)
    table.add_column(heading, ratio=1)
    table.add_row(own, other)
    return table


def _found(document: StoredDocument) -> Any:  # noqa: ANN401 - a stored row
    """The witness, unless nothing lies farther than the model's own attention."""
    witness = document.witness
    return None if witness is None or witness["value"] == 0 else witness
