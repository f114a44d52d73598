"""The values of one document beside what is claimed of all."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from attnaudit.claims import Claim
from attnaudit.reports.numbers import shown
from attnaudit.reports.show_values import ClaimValue, StoredDocument
from attnaudit.reports.verdict_table import claimed_words
from attnaudit.store.rows import measurement_label
from attnaudit.store.run import ClaimRow, ModelEntry
from attnaudit.verdicts.groups import OVERALL


def claims_table(document: StoredDocument, rows: Sequence[ClaimRow]) -> Table:
    """One line per claim: this document's value and null, its side, what holds of all documents.

    Args:
        document: What is stored of the document.
        rows: The run's rows; a claim that was judged by other rules than these has none.
    """
    table = Table(box=None, pad_edge=False)
    table.add_column("claim", no_wrap=True)
    table.add_column("here", justify="right", no_wrap=True)
    table.add_column("null", justify="right", no_wrap=True)
    table.add_column("what that says")
    for value in document.values:
        words = [
            reading(value, length=document.row["length"]),
            f"claimed {claimed_words(value.claim)}",
        ]
        row = _decided(value.claim, document.entry, rows)
        if row is not None:
            words.append(f"all documents {shown(row.estimate)}, {row.outcome.value}")
        cells = (value.claim.id, _number(value.stored), _number(value.null), "; ".join(words))
        table.add_row(*map(Text, cells))
    return table


def reading(value: ClaimValue, *, length: int) -> str:
    """What one document says of a claim about many: on which side of the threshold it lies.

    A side is named only where all that the value can be lies on it.

    Args:
        value: Of the document.
        length: Tokens of the document.
    """
    claim, stored = value.claim, value.stored
    if length < claim.min_tokens:
        return f"no part of it: under {claim.min_tokens} tokens"
    if stored is None:
        return "not measured"
    if stored["undefined"] is not None:
        return f"undefined: {stored['undefined']}"
    lower, upper = stored["lower"], stored["upper"]
    return _side(claim, lower, upper) or f"open: between {lower:.3f} and {upper:.3f}"


def _side(claim: Claim, lower: float, upper: float) -> str | None:
    limit = claim.fraction_above
    if limit is not None:
        sides = (lower > limit, f"above {limit:g}"), (upper <= limit, f"not above {limit:g}")
    elif claim.direction == "at_least":
        sides = (lower >= claim.threshold, "for it"), (upper < claim.threshold, "against it")
    else:
        sides = (upper <= claim.threshold, "for it"), (lower > claim.threshold, "against it")
    return next((name for holds, name in sides if holds), None)


def _decided(claim: Claim, entry: ModelEntry, rows: Sequence[ClaimRow]) -> ClaimRow | None:
    """What the run decided on exactly this claim: a claim of its name can be another one."""
    asked = (entry.name, entry.site, OVERALL, claim.id, claim.statement, *_rule(claim))
    label = measurement_label(claim)
    return next(
        (
            row
            for row in rows
            if (row.model, row.site, row.group, row.id, row.statement, *_rule(row)) == asked
            and row.measurement in {None, label}
        ),
        None,
    )


def _rule(claim: Claim | ClaimRow) -> tuple[object, ...]:
    limits = (claim.fraction_above, claim.at_least, claim.at_most)
    return claim.audit, claim.quantity, claim.statistic, *limits


def _number(stored: Mapping[str, Any] | None) -> str:
    if stored is None or math.isnan(stored["value"]):
        return "-"
    if stored["upper"] > stored["lower"]:
        return f"{stored['lower']:.3f} to {stored['upper']:.3f}"
    return shown(stored["value"])
