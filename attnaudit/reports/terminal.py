"""A run as lines of text: a table for the end of a session, a paragraph for a failure."""

from collections.abc import Sequence

from attnaudit.records import Bound, Outcome
from attnaudit.reports.numbers import shown
from attnaudit.store.run import ClaimRow

_WORST_FIRST = (
    Outcome.ERROR,
    Outcome.REFUTED,
    Outcome.INCONCLUSIVE,
    Outcome.NOT_TESTABLE,
    Outcome.SUPPORTED,
)
_KINDS = {Bound.EXACT: "exact", Bound.INTERVAL: "interval", Bound.LOWER: "lower bound"}


def summary_lines(rows: Sequence[ClaimRow]) -> list[str]:
    """One line per claim, worst first, under a heading; columns as wide as they need to be."""
    overall = sorted(
        (row for row in rows if row.group == "overall"),
        key=lambda row: (_WORST_FIRST.index(row.outcome), row.model, row.id),
    )
    table = [("outcome", "model", "claim", "claimed", "measured", "decision interval", "documents")]
    table += [
        (
            row.outcome.value if row.required else f"{row.outcome.value} (advisory)",
            row.model,
            row.id,
            claimed(row),
            _measured(row, "{number} {kind}"),
            _interval(row),
            str(row.n),
        )
        for row in overall
    ]
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    ]


def explanation(rows: Sequence[ClaimRow]) -> str:
    """What was claimed and found, as a paragraph that can be pasted into a review.

    Args:
        rows: All rows of one claim, "overall" first.
    """
    overall, groups = rows[0], rows[1:]
    lines = [f"{overall.outcome.value}: {overall.statement}"]
    if overall.error is not None:
        return "\n".join([*lines, f"  {overall.error}"])
    source = f"  ({overall.source})" if overall.source else ""
    lines.append(f"  claimed   {overall.statistic} {overall.quantity} {claimed(overall)}{source}")
    measured = _measured(overall, "{number} ({kind})")
    lines.append(f"  measured  {measured}, {_certainty(overall)}")
    lines += [
        f"            {row.group}: {shown(row.estimate)}, {_certainty(row)}, {row.outcome.value}"
        for row in groups
    ]
    lines += [f"  because   {row.group}: {row.reason}" for row in rows if row.reason]
    if overall.undefined:
        causes = ", ".join(f"{count} by {cause}" for cause, count in overall.causes.items())
        lines.append(f"  undefined {overall.undefined} of {overall.n} documents: {causes}")
    if overall.kind == Bound.INTERVAL:
        lines.append("  note      enclosed: measured is what was attained; the decision interval")
        lines.append("            reaches from there to what is proved of all other attentions")
    if overall.kind == Bound.LOWER:
        cannot = "support" if overall.at_most is not None else "refute"
        lines.append(f"  note      found by a search: more may exist, so it cannot {cannot} this")
    if overall.needed is not None:
        least, most = overall.needed
        lines.append(f"  needed    about {least} to {most} documents would decide it")
    lines.append(f"  model     {overall.model}, attention site {overall.site}")
    return "\n".join(lines)


def claimed(row: ClaimRow) -> str:
    """The threshold of a claim, for example ">= 0.5"."""
    return f">= {row.at_least:g}" if row.at_least is not None else f"<= {row.at_most:g}"


def _measured(row: ClaimRow, style: str) -> str:
    """The estimate; of an adversary, with what the values that it is made of are."""
    if row.outcome is Outcome.ERROR:
        return "-"
    number = shown(row.estimate)
    if row.audit != "adversary" or row.kind is None or row.estimate is None:
        return number
    return style.format(number=number, kind=_KINDS[Bound(row.kind)])


def _certainty(row: ClaimRow) -> str:
    return f"decision interval {_interval(row)}, n = {row.n}"


def _interval(row: ClaimRow) -> str:
    if row.low is None or row.high is None:
        return "-"
    return f"[{shown(row.low)}, {shown(row.high)}]"
