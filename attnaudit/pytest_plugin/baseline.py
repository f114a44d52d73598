"""--attn-baseline: this session's run beside an earlier one, and what that does to the exit status.

A change for the worse fails the session, also where every claim is still supported. What stays
open only warns here: `attnaudit compare --inconclusive fail` is stricter.
"""

from pathlib import Path

import pytest

from attnaudit.errors import AttnAuditError, InternalError, UsageError
from attnaudit.pytest_plugin.exit_status import fail_session
from attnaudit.reports.changes import change_notes, change_summary, change_table
from attnaudit.reports.plain import plain
from attnaudit.runs.compared import compare_runs, overall_rows
from attnaudit.runs.plan import Plan
from attnaudit.runs.stored import StoredRun, open_run
from attnaudit.verdicts.change import Change
from attnaudit.verdicts.run_comparison import RunComparison

_BASELINE = pytest.StashKey[StoredRun]()
_COMPARISON = pytest.StashKey[RunComparison]()
_PROBLEM = pytest.StashKey[str]()
_WIDTH = 1_000
_COLOURS = {
    Change.WORSE: {"red": True},
    Change.LOST: {"red": True},
    Change.INCONCLUSIVE: {"yellow": True},
    Change.NEW: {},
    Change.IMPROVED: {"green": True},
    Change.UNCHANGED: {"green": True},
}


def open_baseline(config: pytest.Config) -> None:
    """Read the earlier run before anything is measured, or written in its place.

    Raises:
        pytest.UsageError: If there is none where the option says.
    """
    path: str | None = config.getoption("attn_baseline")
    if path is None:
        return
    try:
        config.stash[_BASELINE] = open_run(Path(path))
    except UsageError as error:
        raise pytest.UsageError(f"--attn-baseline: {error}") from error


def compare_with_baseline(session: pytest.Session, plan: Plan, found: StoredRun) -> None:
    """Compare what the session found with the earlier run, and let it decide the exit status."""
    stash = session.config.stash
    baseline = stash.get(_BASELINE, None)
    if baseline is None:
        return
    try:
        comparison = stash[_COMPARISON] = compare_runs(
            baseline,
            found,
            claims={subject.name: subject.claims for subject in plan.subjects},
            former=overall_rows(baseline.run),
        )
    except (AttnAuditError, OSError) as error:
        stash[_PROBLEM] = plain(str(error), width=_WIDTH)
        broken = isinstance(error, InternalError)
        fail_session(
            session, pytest.ExitCode.INTERNAL_ERROR if broken else pytest.ExitCode.USAGE_ERROR
        )
        return
    if not comparison.passes(inconclusive="warn"):
        fail_session(session, pytest.ExitCode.TESTS_FAILED)


def write_baseline_section(reporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What became of the claims since the earlier run, where one was named."""
    problem = config.stash.get(_PROBLEM, None)
    comparison = config.stash.get(_COMPARISON, None)
    if problem is None and comparison is None:
        return
    reporter.section(f"since {config.getoption('attn_baseline')}", sep="-")
    if problem is not None:
        reporter.write_line(f"cannot be compared: {problem}", red=True)
    if comparison is None:
        return
    heading, *lines = change_table(comparison)
    reporter.write_line(heading, bold=True)
    for line in lines:
        reporter.write_line(line, **_COLOURS[Change(line.split()[0])])
    for line in (*change_notes(comparison), change_summary(comparison)):
        reporter.write_line(line)
