"""The documents that speak loudest against a claim, as cards of a page."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from attnaudit.errors import InternalError
from attnaudit.records import Bound
from attnaudit.reports.html.known import DIVERGENCE
from attnaudit.reports.html.series import Column, audited
from attnaudit.reports.html.words import Run, excerpt, shaded
from attnaudit.reports.readable import readable
from attnaudit.store.parts import Parts
from attnaudit.verdicts.evidence import CONSTANT_ATTENTION

_NAME_LENGTH = 60
_CLASSES_SHOWN = 3
# Documents of constant attention look alike, and must not hide those that have a value.
_MOST_CONSTANT = 5
_REACH = {
    Bound.EXACT.value: "the farthest attention with the same output, {lower:.3f} nats away",
    Bound.INTERVAL.value: (
        "a far attention with the same output, {lower:.3f} nats away; none is farther than "
        "{upper:.3f}"
    ),
    Bound.LOWER.value: (
        "the farthest attention with the same output that a search found, {lower:.3f} nats away"
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Output:
    """The probability of one class under the model's attention, and under the found one."""

    name: str
    probability: float
    found: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One document.

    Attributes:
        document: Its id, short and harmless.
        value: Of the quantity that it is shown for; None where it has none.
        undefined: Why it has none, or None.
        predicted: The predicted class.
        label: The true class, or None.
        right: Whether the two agree, or None where there is no label.
        outputs: The most probable classes.
        words: Shaded by the model's own attention.
        found: Shaded by another attention with the same output, or None.
        reach: How far that other attention is, in words.
        stored: Whether the words were kept.
    """

    document: str
    value: float | None
    undefined: str | None
    predicted: str
    label: str | None
    right: bool | None
    outputs: tuple[Output, ...]
    words: tuple[Run, ...]
    found: tuple[Run, ...] | None
    reach: str | None
    stored: bool


def worst(
    column: Column, *, direction: Literal["at_least", "at_most"], most: int
) -> tuple[int, ...]:
    """Indices of the documents that speak most against a claim, the worst first.

    A document without a value because its attention is constant counts as the worst there is,
    unless the claim says otherwise, so a few of them come first. Others without a value are left
    out.

    Args:
        column: The values of all documents.
        direction: "at_least" puts the least values first, "at_most" the largest.
        most: How many at most.
    """
    constant = [one for one, cause in column.undefined.items() if cause == CONSTANT_ATTENTION]
    first = constant[: min(most, _MOST_CONSTANT)]
    defined = np.flatnonzero(~np.isnan(column.value))
    values = column.value[defined]
    # A stable order: ties stay in the order of the documents.
    order = np.argsort(values if direction == "at_least" else -values, kind="stable")
    return (*first, *defined[order[: most - len(first)]].tolist())


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


def card(
    row: Mapping[str, Any],
    witness: Mapping[str, Any] | None,
    *,
    value: float,
    classes: Sequence[str],
    undefined: str | None = None,
) -> Card:
    """One document with its witness, ready to be shown.

    Args:
        row: A stored document.
        witness: What an adversary found for it, if one was asked.
        value: Of the quantity that it is shown for; not looked at where it is undefined.
        classes: The model's classes.
        undefined: Why it has no value, or None.

    Raises:
        InternalError: If the witness is not one of this document.
    """
    tokens, attention, label = row["tokens"], row["attention"], row["label"]
    if witness is not None:
        _check_witness(witness, row)
    # Where nothing is farther than the model's own attention there is nothing to compare.
    other = None if witness is None or witness["value"] == 0 else witness
    attentions = [attention] if other is None else [attention, other["witness"]]
    positions = excerpt(tokens, *attentions)
    return Card(
        document=readable(row["id"], longest=_NAME_LENGTH),
        value=value if undefined is None else None,
        undefined=undefined,
        predicted=row["predicted"],
        label=None if label is None else readable(label, longest=_NAME_LENGTH),
        right=None if label is None else label == row["predicted"],
        outputs=tuple(_outputs(row["probabilities"], other, classes)),
        words=shaded(tokens, attention, positions),
        found=None if other is None else shaded(tokens, other["witness"], positions),
        reach=None if other is None else _REACH[other["kind"]].format_map(other),
        stored=tokens is not None,
    )


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


def _check_witness(witness: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    same = witness["document"] == row["id"]
    if not same or len(witness["witness"] or ()) != len(row["attention"]):
        raise InternalError(
            f"the stored witness of {witness['document']!r} does not match the stored document "
            f"{row['id']!r}; remove the report directory and run again"
        )


def _outputs(
    own: Sequence[float], witness: Mapping[str, Any] | None, classes: Sequence[str]
) -> Iterator[Output]:
    order = sorted(range(len(own)), key=lambda one: (-own[one], one))[:_CLASSES_SHOWN]
    for one in order:
        found = None if witness is None else witness["witness_probabilities"][one]
        yield Output(
            name=readable(classes[one], longest=_NAME_LENGTH), probability=own[one], found=found
        )
