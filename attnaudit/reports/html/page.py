"""A run as one page that needs nothing else: no script, no network, no other file."""

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from attnaudit.records import Outcome
from attnaudit.reports.how_read import special_mass_words, truncated_words
from attnaudit.reports.html.gathered import MOST_EXHIBITS, Gathered, gather
from attnaudit.reports.html.heat_map_section import drawn_heat_maps
from attnaudit.reports.html.overview import overview_of
from attnaudit.reports.html.provenance import commands
from attnaudit.reports.html.strips import strips
from attnaudit.reports.not_asked import not_asked_lines
from attnaudit.reports.notes import note_lines
from attnaudit.reports.numbers import shown, shown_ends
from attnaudit.reports.readable import readable
from attnaudit.reports.sweeps import unlisted_words, without_sweeps
from attnaudit.reports.terminal import explanation
from attnaudit.reports.verdict_table import (
    claimed_words,
    interval_words,
    judged_words,
    measured_words,
    outcome_words,
    worst_first,
)
from attnaudit.store.directory import RunDirectory
from attnaudit.store.run import ClaimRow, Run

# Of what a claim says in words; one that is longer was not read from a claims file.
_LONGEST_LINE = 2_000


def render_page(run: Run, directory: RunDirectory) -> str:
    """The page of a run, the same for the same run directory.

    Args:
        run: What was decided.
        directory: Where it keeps what it measured.

    Raises:
        UsageError: If the directory lacks something that the run names.
        InternalError: If stored tables contradict each other.
    """
    every, listed = worst_first(run.claims), without_sweeps(run)
    claims = worst_first(listed.claims)
    gathered = gather(listed, directory)
    cards = [one for part in gathered for shown in part.shown for one in shown.cards]
    predicted = sorted({one.predicted for one in cards})
    # Claims stand worst first, so the counts do.
    outcomes = Counter(claim.overall.outcome.value for claim in every)
    outcomes.pop(Outcome.ERROR.value, None)
    script = _member("filter.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            run=listed,
            claims=[(claim, strips(claim)) for claim in claims],
            gathered=gathered,
            anchors=_anchors(gathered),
            labelled=any(one.right is not None for one in cards),
            # A number stands for each class: names may be long, and every card has one.
            predicted={name: number for number, name in enumerate(predicted)},
            outcomes=outcomes,
            judged=judged_words(every),
            commands=commands(run),
            most_exhibits=MOST_EXHIBITS,
            heat_maps=drawn_heat_maps(run.claims),
            unlisted=unlisted_words(run, listed),
            notes=[*not_asked_lines(run), *note_lines(listed)],
            overview=overview_of(claims),
            script=Markup(script),  # noqa: S704  # a file of this package
            script_digest=digest,
            style=Markup(_member("page.css")),  # noqa: S704  # a file of this package
        )
    )


def _anchors(gathered: Sequence[Gathered]) -> dict[tuple[str, str, str], int]:
    sections = (one.section for one in gathered)
    return {(one.model, one.site, one.audit): number for number, one in enumerate(sections, 1)}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("attnaudit.reports.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "claimed": claimed_words,
        "ends": shown_ends,
        "explanation": _explanation,
        "interval": interval_words,
        "measured": measured_words,
        "outcome": outcome_words,
        "readable": readable,
        "shown": shown,
        "special_mass": special_mass_words,
        "truncated": truncated_words,
    }
    return environment


def _member(name: str) -> str:
    member = resources.files("attnaudit.reports.html") / "templates" / name
    return member.read_text(encoding="utf-8")


def _explanation(rows: Sequence[ClaimRow]) -> str:
    lines = explanation(rows).splitlines()
    return "\n".join(readable(line, longest=_LONGEST_LINE) for line in lines)
