"""A run as lines of text: a table for the end of a session, a paragraph for a failure."""

from collections.abc import Iterator, Sequence

from attnaudit.records import Bound
from attnaudit.reports.columns import aligned
from attnaudit.reports.numbers import shown
from attnaudit.reports.plain import plain
from attnaudit.reports.subjects import subject_names
from attnaudit.reports.verdict_table import (
    documents_words,
    interval_words,
    limit_words,
    measured_words,
    outcome_words,
    worst_first,
)
from attnaudit.store.run import ClaimRow

_HEADING = (
    *("outcome", "model", "claim", "claimed"),
    *("measured", "null", "decision interval", "documents"),
)
_LEVELS = {"input-word": "words of the input", "hidden-state": "positions, not the words there"}
_ASSUMPTIONS = {
    "model": "models of equal decisions reason alike",
    "prediction": "alike inputs are reasoned about alike",
    "linearity": "parts of an input contribute apart from each other",
}
_NAME_WIDTH = 100
_SENTENCE_WIDTH = 1_000
_ERROR_WIDTH = 2_000


def summary_lines(rows: Sequence[ClaimRow]) -> list[str]:
    """One line per claim, worst first, under a heading; columns as wide as they need to be.

    After the heading, the first word of every line is an outcome.

    Args:
        rows: All rows of a run, in its order.
    """
    names = subject_names((row.model, row.site) for row in rows)
    lines = [
        (
            outcome_words(row),
            names[row.model, row.site],
            plain(row.id, width=_NAME_WIDTH),
            limit_words(row),
            measured_words(row, style="{number} {kind}"),
            "-" if row.null is None else shown(row.null),
            interval_words(row),
            documents_words(row),
        )
        for row in (claim.overall for claim in worst_first(rows))
    ]
    return aligned([_HEADING, *lines])


def explanation(rows: Sequence[ClaimRow]) -> str:
    """What was claimed and found, as a paragraph that can be pasted into a review.

    Args:
        rows: All rows of one claim, "overall" first.
    """
    overall = rows[0]
    lines = [f"{overall.outcome.value}: {plain(overall.statement, width=_SENTENCE_WIDTH)}"]
    if overall.error is not None:
        lines += [f"  {plain(line, width=_ERROR_WIDTH)}" for line in overall.error.splitlines()]
    else:
        lines += [*_numbers(rows), *_remarks(overall)]
    model, site = (plain(text, width=_NAME_WIDTH) for text in (overall.model, overall.site))
    return "\n".join([*lines, f"  model     {model}, attention site {site}"])


def _numbers(rows: Sequence[ClaimRow]) -> Iterator[str]:
    overall, *groups = rows
    source = f"  ({plain(overall.source, width=_SENTENCE_WIDTH)})" if overall.source else ""
    about = " of these documents" if overall.target == "these documents" else ""
    statistic = f"{overall.statistic} {overall.quantity}{about}"
    yield f"  claimed   {statistic} {limit_words(overall)}{source}"
    yield f"  measured  {measured_words(overall)}, {_certainty(overall)}"
    for row in groups:
        found = f"{shown(row.estimate)}, {_certainty(row)}, {row.outcome.value}"
        yield f"            {plain(row.group, width=_NAME_WIDTH)}: {found}"
    for row in rows:
        if row.reason:
            reason = plain(row.reason, width=_SENTENCE_WIDTH)
            yield f"  because   {plain(row.group, width=_NAME_WIDTH)}: {reason}"


def _remarks(overall: ClaimRow) -> Iterator[str]:
    if overall.null is not None:
        yield f"  null      {shown(overall.null)} where attention explains nothing"
    if overall.undefined:
        causes = ", ".join(
            f"{count} by {plain(cause, width=_SENTENCE_WIDTH)}"
            for cause, count in overall.causes.items()
        )
        yield f"  undefined {overall.undefined} of {overall.n} documents: {causes}"
    if overall.kind == Bound.INTERVAL:
        yield "  note      enclosed: measured is what was attained; the decision interval"
        yield "            reaches from there to what is proved of all other attentions"
    if overall.kind == Bound.LOWER:
        cannot = "support" if overall.at_most is not None else "refute"
        yield f"  note      found by a search: more may exist, so it cannot {cannot} this"
    if overall.needed is not None:
        least, most = overall.needed
        units = "documents" if overall.clusters is None else "clusters"
        yield f"  needed    about {least} to {most} {units} would decide it"
    if overall.level is not None:
        granted = ""
        if overall.assumption is not None:
            granted = f"; takes for granted that {_ASSUMPTIONS[overall.assumption]}"
        yield f"  about     {_LEVELS[overall.level]}{granted}"


def _certainty(row: ClaimRow) -> str:
    return f"decision interval {interval_words(row)}, n = {documents_words(row)}"
