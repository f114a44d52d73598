"""The section of a model card that says what an audit found."""

from collections import Counter
from collections.abc import Iterator, Sequence

from attnaudit.records import Outcome
from attnaudit.reports.markdown_lines import heading_lines, provenance_line, verdict_line
from attnaudit.reports.markup import escaped
from attnaudit.reports.notes import note_lines
from attnaudit.reports.sweeps import without_sweeps
from attnaudit.reports.verdict_table import (
    ClaimRows,
    claimed_words,
    judged_words,
    outcome_words,
    worst_first,
)
from attnaudit.store.run import ClaimRow, Run


def card_section(run: Run, name: str) -> str:
    """A heading, a sentence, the table of verdicts and what they are about, in Markdown.

    Args:
        run: What was decided.
        name: A model of it.
    """
    return "\n".join([*_lines(run, name), ""])


def _lines(run: Run, name: str) -> Iterator[str]:
    claims = [claim for claim in worst_first(run.claims) if claim.overall.model == name]
    several_sites = len({claim.overall.site for claim in claims}) > 1
    yield "## Attention audit"
    yield ""
    yield (
        "Do the attention weights of this model explain its decisions? "
        f"{_count(claims)}. A decision interval holds for any distribution of the measured values; "
        "a claim is supported or refuted where all of it lies on one side of what is claimed."
    )
    yield ""
    yield from heading_lines()
    yield from (_table_row(claim.overall, say_site=several_sites) for claim in claims)
    yield ""
    for note in note_lines(without_sweeps(run), model=name):
        yield f"- {escaped(note)}"
    for entry in run.models:
        if entry.name == name:
            yield provenance_line(f"attention site {entry.site}", entry)
    version = run.versions.get("attnaudit", "unknown")
    yield f"- {escaped(f'attnaudit {version}, seed {run.settings.seed}')}"


def _count(claims: Sequence[ClaimRows]) -> str:
    judged = [claim.overall for claim in claims if claim.overall.outcome is not Outcome.ERROR]
    counted = Counter(map(outcome_words, judged))
    parts = ", ".join(f"{number} {words}" for words, number in counted.items())
    return judged_words(claims) + (f": {parts}" if parts else "")


def _table_row(row: ClaimRow, *, say_site: bool) -> str:
    claim = (
        f"{escaped(row.statement)} ({escaped(row.site)})" if say_site else escaped(row.statement)
    )
    return verdict_line(
        row, outcome=f"**{outcome_words(row)}**", claim=claim, claimed=claimed_words(row)
    )
