"""A run as Markdown, for a pull request or the summary page of a pipeline."""

import re
from collections.abc import Iterator, Sequence

from attnaudit.reports.heat_map import heat_maps
from attnaudit.reports.heat_map_lines import heat_map_markdown
from attnaudit.reports.markdown_lines import heading_lines, provenance_line, verdict_line
from attnaudit.reports.markup import escaped
from attnaudit.reports.matrix import matrix_lines
from attnaudit.reports.not_asked import not_asked_lines
from attnaudit.reports.notes import note_lines
from attnaudit.reports.readable import readable
from attnaudit.reports.strata import stratum_lines
from attnaudit.reports.subjects import subject_names
from attnaudit.reports.sweeps import unlisted_words, without_sweeps
from attnaudit.reports.terminal import explanation
from attnaudit.reports.verdict_table import (
    ClaimRows,
    claimed_words,
    judged_words,
    outcome_words,
    worst_first,
)
from attnaudit.store.run import Run

_SHORTEST_FENCE = 3
_LONGEST_LINE = 2_000


def render_markdown(run: Run) -> str:
    """The verdict table of a run and its notes; nothing in it is read as markup.

    Args:
        run: What was decided.
    """
    return "\n".join([*_lines(run), ""])


def _lines(run: Run) -> Iterator[str]:
    listed = without_sweeps(run)
    claims = worst_first(listed.claims)
    subjects = [(row.model, row.site) for row in listed.claims]
    names = subject_names([*subjects, *((entry.name, entry.site) for entry in listed.models)])
    yield "## Attention audit"
    yield ""
    judged = judged_words(worst_first(run.claims))
    yield f"{judged}, of {run.settings.claims_counted} planned."
    if run.undecided:
        more = len(run.undecided)
        yield f"{more} more {'was' if more == 1 else 'were'} not decided in this session."
    yield ""
    if claims:
        yield from heading_lines()
    for claim in claims:
        yield from _rows(claim, names[claim.overall.model, claim.overall.site])
    yield ""
    yield from _heat_maps(run, listed)
    for note in (*not_asked_lines(run), *note_lines(listed)):
        yield escaped(note)
        yield ""
    models = matrix_lines(listed.claims)
    if models:
        yield from _fenced(models)
        yield ""
    for claim in claims:
        name = names[claim.overall.model, claim.overall.site]
        yield f"**{escaped(claim.overall.id)}**, {escaped(name)}"
        yield ""
        yield from _fenced([explanation(claim.rows), *stratum_lines(claim.rows)])
        yield ""
    for entry in listed.models:
        yield provenance_line(names[entry.name, entry.site], entry)
    versions = ", ".join(f"{name} {number}" for name, number in sorted(run.versions.items()))
    yield f"- {escaped(f'seed {run.settings.seed}; {versions}')}"


def _heat_maps(run: Run, listed: Run) -> Iterator[str]:
    unlisted = unlisted_words(run, listed)
    if unlisted is not None:
        yield f"{unlisted}."
        yield ""
    for found in heat_maps(run.claims):
        yield from heat_map_markdown(found)
        yield ""


def _rows(claim: ClaimRows, name: str) -> Iterator[str]:
    overall = claim.overall
    yield verdict_line(
        overall,
        outcome=f"**{outcome_words(overall)}**",
        claim=f"**{escaped(overall.statement)}** ({escaped(name)})",
        claimed=claimed_words(overall),
    )
    for group in claim.groups:
        indented = f"&emsp;{escaped(group.group)}"
        yield verdict_line(group, outcome=outcome_words(group), claim=indented, claimed="")


def _fenced(lines: Sequence[str]) -> Iterator[str]:
    """Lines as they are; the fence is longer than any that they hold."""
    every = [one for line in lines for one in line.splitlines()]
    text = "\n".join(readable(line, longest=_LONGEST_LINE) for line in every)
    longest = max((len(one) for one in re.findall("`+", text)), default=0)
    fence = "`" * max(_SHORTEST_FENCE, longest + 1)
    yield from (f"{fence}text", text, fence)
