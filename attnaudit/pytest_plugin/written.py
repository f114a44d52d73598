"""What a session leaves on the disk once the run is decided.

Nothing that goes wrong here changes a verdict or hides the others, so it is told, not raised.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from attnaudit.errors import AttnAuditError, InternalError
from attnaudit.pytest_plugin.exit_status import fail_session
from attnaudit.pytest_plugin.session import AuditSession
from attnaudit.reports.plain import plain
from attnaudit.store.run import Run, write_run

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"
"""Names the file that a pipeline shows on its summary page, where there is one."""

_WIDTH = 1_000


def write_run_file(session: pytest.Session, audits: AuditSession, run: Run) -> list[str]:
    """Write run.json. A run that was to be kept and cannot be is a usage error of the session.

    Returns:
        Lines for the terminal: where it is, or why not.
    """
    try:
        write_run(audits.directory.run_file, run)
    except (AttnAuditError, OSError) as error:
        fail_session(session, pytest.ExitCode.USAGE_ERROR)
        return [_warning("the run could not be written", error)]
    return [] if audits.report is None else [f"run: {audits.directory.run_file}"]


def write_run_reports(session: pytest.Session, audits: AuditSession, run: Run) -> list[str]:
    """Write both reports where the run is kept, and add the table to the pipeline's summary.

    Stored tables that contradict each other are an internal error of the session.

    Returns:
        Lines for the terminal: where the page is, or why not.
    """
    try:
        return list(_written(audits, run))
    except (AttnAuditError, OSError) as error:
        if isinstance(error, InternalError):
            fail_session(session, pytest.ExitCode.INTERNAL_ERROR)
        return [_warning("the reports could not be written", error)]


def _written(audits: AuditSession, run: Run) -> Iterator[str]:
    # Imported when there is something to draw: a session without an audit should not wait for it.
    from attnaudit.reports.markdown import render_markdown  # noqa: PLC0415
    from attnaudit.reports.written import write_reports  # noqa: PLC0415

    summary = os.environ.get(SUMMARY_VARIABLE)
    if summary:
        yield from _appended(Path(summary), render_markdown(run))
    if audits.report is not None:
        page, _ = write_reports(run, audits.directory)
        yield f"report: {page}"


def _appended(path: Path, text: str) -> Iterator[str]:
    try:
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        yield _warning(f"{path}, named by {SUMMARY_VARIABLE}, cannot be written", error)


def _warning(what: str, error: Exception) -> str:
    return plain(f"warning: {what}: {error}", width=_WIDTH)
