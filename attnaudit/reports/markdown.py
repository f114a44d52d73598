"""A run as Markdown, for a pull request or the summary page of a pipeline."""

import html
import re
from collections.abc import Iterator, Sequence

from attnaudit.reports.readable import readable
from attnaudit.reports.strata import stratum_lines
from attnaudit.reports.terminal import explanation
from attnaudit.reports.verdict_table import (
    ClaimRows,
    claimed_words,
    interval_words,
    measured_words,
    outcome_words,
    worst_first,
)
from attnaudit.store.run import ClaimRow, Run

_HEADING = ("Outcome", "Claim", "Claimed", "Measured", "Decision interval", "Documents")
_SPECIAL = re.compile(r"([\\`*_\[\]|~#!@$:])")
_SHORTEST_FENCE = 3
_LONGEST_LINE = 2_000


def render_markdown(run: Run) -> str:
    """The verdict table of a run and its notes; nothing in it is read as markup.

    Args:
        run: What was decided.
    """
    return "\n".join([*_lines(run), ""])


def _lines(run: Run) -> Iterator[str]:
    claims = worst_first(run.claims)
    yield "## Attention audit"
    yield ""
    yield f"{len(claims)} claims were judged, of {run.settings.claims_counted} planned."
    if run.undecided:
        yield f"{len(run.undecided)} more were not decided in this session."
    yield ""
    yield _table_line(_HEADING)
    yield _table_line(["---"] * len(_HEADING))
    for claim in claims:
        yield from _rows(claim)
    yield ""
    for claim in claims:
        yield f"**{_escaped(claim.overall.id)}**, {_escaped(claim.overall.model)}"
        yield ""
        yield from _fenced([explanation(claim.rows), *stratum_lines(claim.rows)])
        yield ""
    yield from _provenance(run)


def _rows(claim: ClaimRows) -> Iterator[str]:
    overall = claim.overall
    statement = f"**{_escaped(overall.statement)}** ({_escaped(overall.model)})"
    yield _row(overall, f"**{outcome_words(overall)}**", statement, claimed_words(overall))
    for group in claim.groups:
        yield _row(group, outcome_words(group), f"&emsp;{_escaped(group.group)}", "")


def _row(row: ClaimRow, outcome: str, claim: str, claimed: str) -> str:
    undefined = f" ({row.undefined} undefined)" if row.undefined else ""
    numbers = (measured_words(row), interval_words(row), f"{row.n}{undefined}")
    return _table_line((outcome, claim, _escaped(claimed), *map(_escaped, numbers)))


def _table_line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _provenance(run: Run) -> Iterator[str]:
    for entry in run.models:
        about = (
            f"{entry.name}: weights {entry.digest}, {entry.documents.n} documents from "
            f"{entry.documents.source} with digest {entry.documents.digest}, claims from "
            f"{entry.claims_source} with digest {entry.claims_digest}"
        )
        yield f"- {_escaped(about)}"
    versions = ", ".join(f"{name} {number}" for name, number in sorted(run.versions.items()))
    yield f"- {_escaped(f'seed {run.settings.seed}; {versions}')}"


def _escaped(text: str) -> str:
    """`text` on one line, as it is meant to be read: no tag, link, mention or column in it."""
    one_line = readable(" ".join(text.split()), longest=_LONGEST_LINE)
    return _SPECIAL.sub(r"\\\1", html.escape(one_line, quote=False))


def _fenced(lines: Sequence[str]) -> Iterator[str]:
    """Lines as they are; the fence is longer than any that they hold."""
    every = [one for line in lines for one in line.splitlines()]
    text = "\n".join(readable(line, longest=_LONGEST_LINE) for line in every)
    longest = max((len(one) for one in re.findall("`+", text)), default=0)
    fence = "`" * max(_SHORTEST_FENCE, longest + 1)
    yield from (f"{fence}text", text, fence)
