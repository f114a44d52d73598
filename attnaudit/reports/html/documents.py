"""A document with what was found for it, as a card of a page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from attnaudit.records import Bound
from attnaudit.reports.how_read import document_truncated_words
from attnaudit.reports.html.words import Run, excerpt, shaded
from attnaudit.reports.readable import readable
from attnaudit.reports.witnesses import check_witness

_NAME_LENGTH = 60
_CLASSES_SHOWN = 3
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
        truncated: That the model could not read all of it, in words; None if it could.
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
    truncated: str | None


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
        check_witness(witness, row)
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
        truncated=document_truncated_words(row),
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
