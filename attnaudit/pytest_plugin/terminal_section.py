"""The sections that a session prints about its audits."""

from collections.abc import Iterable, Sequence

import pytest

from attnaudit.errors import AttnAuditError
from attnaudit.records import Outcome
from attnaudit.reports.comparison import comparison_lines
from attnaudit.reports.heat_map import heat_maps
from attnaudit.reports.heat_map_lines import heat_map_lines
from attnaudit.reports.intervals import interval_lines
from attnaudit.reports.matrix import matrix_lines
from attnaudit.reports.not_asked import not_asked_lines
from attnaudit.reports.notes import note_lines
from attnaudit.reports.plain import plain
from attnaudit.reports.strata import stratum_lines
from attnaudit.reports.sweeps import without_sweeps
from attnaudit.reports.terminal import summary_lines
from attnaudit.store.directory import RunDirectory
from attnaudit.store.run import Run

_COLOURS = {
    Outcome.ERROR: {"red": True, "bold": True},
    Outcome.REFUTED: {"red": True},
    Outcome.INCONCLUSIVE: {"yellow": True},
    Outcome.SUPPORTED: {"green": True},
}
_WIDTH = 1_000


def write_claims(reporter: pytest.TerminalReporter, run: Run) -> None:
    """One line per claim, worst first; the models side by side; what else is to be known."""
    reporter.section("attention claims")
    for line in not_asked_lines(run):
        reporter.write_line(line)
    listed = without_sweeps(run)
    if listed.claims:
        heading, *lines = summary_lines(listed.claims)
        reporter.write_line(heading, bold=True)
        for line in lines:
            reporter.write_line(line, **_COLOURS[Outcome(line.split()[0])])
    matrix = matrix_lines(listed.claims)
    _write_section(reporter, "claims by model", matrix)
    maps = [["", *heat_map_lines(found)] for found in heat_maps(run.claims)]
    _write_section(reporter, "claims by layer and head", [line for one in maps for line in one])
    if matrix or maps:
        reporter.write_line("")
    write_notes(reporter, note_lines(listed))
    more = len(run.undecided)
    if more:
        words = "1 more claim was" if more == 1 else f"{more} more claims were"
        reporter.write_line(f"{words} planned and not decided in this session")


def write_details(reporter: pytest.TerminalReporter, run: Run, directory: RunDirectory) -> None:
    """What stands beside the decisions: customary intervals, strata, found attention."""
    listed = without_sweeps(run)
    intervals = interval_lines(listed.claims)
    _write_section(reporter, "95 % intervals, which decide nothing", intervals)
    _write_section(reporter, "by confidence", stratum_lines(listed.claims))
    found = _farthest(listed, directory)
    _write_section(reporter, "farthest attention with the same output", found)


def write_notes(reporter: pytest.TerminalReporter, lines: Iterable[str]) -> None:
    """Lines, those that warn in yellow."""
    for line in lines:
        reporter.write_line(line, yellow=line.startswith("warning"))


def _farthest(run: Run, directory: RunDirectory) -> list[str]:
    try:
        return comparison_lines(run, directory)
    except (AttnAuditError, OSError) as error:
        # What follows, as the comparison with a baseline, is to be shown all the same.
        return [plain(f"cannot be shown: {error}", width=_WIDTH)]


def _write_section(reporter: pytest.TerminalReporter, title: str, lines: Sequence[str]) -> None:
    if lines:
        reporter.section(title, sep="-")
    for line in lines:
        reporter.write_line(line)
