"""The sheet as Markdown: what to know, a section per task, the findings and what differs."""

from collections import Counter
from collections.abc import Iterator

from attnaudit.reproduction.claims import finding_claims
from attnaudit.reproduction.explanation import explanation_lines
from attnaudit.reproduction.formats import ENCODERS, NOTHING, group_name, plain, table
from attnaudit.reproduction.section import section_lines
from attnaudit.reproduction.sheet import Sheet
from attnaudit.reproduction.tasks import named_task


def to_markdown(sheet: Sheet) -> str:
    """The content of sheet.md.

    Args:
        sheet: The numbers.

    Returns:
        Text that ends with a line end.
    """
    lines = ["# Beside the published numbers", "", *explanation_lines(sheet)]
    for name in sheet.request.tasks:
        if any(cell.task == name for cell in sheet.cells):
            lines += ["", *section_lines(sheet, named_task(name))]
    if sheet.unmeasured:
        lines += ["", "## Models that cannot be measured", "", *_unmeasured(sheet)]
    lines += ["", "## Findings of the paper", "", *_findings(sheet)]
    lines += ["", "## Marked cells", "", *_marked(sheet)]
    if sheet.request.notes is not None:
        lines += ["", sheet.request.notes.read_text(encoding="utf-8").rstrip()]
    return "\n".join(lines) + "\n"


def _unmeasured(sheet: Sheet) -> Iterator[str]:
    return (f"* {name}: {reason}" for name, reason in sheet.unmeasured.items())


def _findings(sheet: Sheet) -> Iterator[str]:
    if not sheet.findings:
        yield (
            "None: they are about the BiLSTM and Average with additive attention, which were not "
            "asked for or are not measured yet."
        )
        return
    outcomes = Counter(finding.verdict.outcome.value for finding in sheet.findings)
    each = ", ".join(f"{number} {outcome}" for outcome, number in outcomes.most_common())
    yield (
        f"{len(finding_claims())} claims about the models with additive attention, judged for each "
        f"task and seed: {each}. `published` is the same number by the published means, of one "
        "training each."
    )
    yield ""
    yield from table(
        ("task", "seed", "claim", "estimate", "interval", "published", "documents", "verdict"),
        (
            (
                finding.task.title,
                str(finding.seed),
                finding.claim.id,
                plain(row.estimate),
                f"{plain(row.low)} to {plain(row.high)}",
                NOTHING if finding.published is None else plain(finding.published),
                str(row.n),
                finding.verdict.outcome.value,
            )
            for finding in sheet.findings
            for row in finding.verdict.rows[:1]
        ),
    )


def _marked(sheet: Sheet) -> Iterator[str]:
    marked, compared = list(sheet.marked()), sum(1 for _ in sheet.compared())
    if not compared:
        yield (
            "None: no cell has a published value of the same test documents and several trainings."
        )
        return
    yield (
        f"{len(marked)} of the {compared} cells that have a published value of the same test "
        "documents and several trainings. Chance alone would mark at most about one in twenty, and "
        "cells of one model together."
    )
    if not marked:
        return
    yield ""
    yield from table(
        ("model", "group", "quantity", "here", "spread", "published", "difference", "limit"),
        (
            (
                f"{named_task(cell.task).title} {ENCODERS[cell.encoder]}, {cell.attention}",
                group_name(named_task(cell.task), cell.group),
                cell.quantity.replace(":", " "),
                *(
                    plain(number) if number is not None else NOTHING
                    for number in (
                        cell.mean,
                        cell.spread,
                        cell.published,
                        cell.difference,
                        cell.limit,
                    )
                ),
            )
            for cell in marked
        ),
    )
