"""The reports that people read, written once the run is decided."""

import os
import warnings
from pathlib import Path

import pytest

from attnaudit.pytest_plugin.session import AuditSession
from attnaudit.store.run import Run

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"
"""Names the file that a pipeline shows on its summary page, where there is one."""


def write_run_reports(audits: AuditSession, run: Run) -> Path | None:
    """Write both reports where the run is kept, and add the table to the pipeline's summary.

    Returns:
        Where the page is, or None if the run is not kept.
    """
    # Imported when there is something to draw: a session without an audit should not wait for it.
    from attnaudit.reports.markdown import render_markdown  # noqa: PLC0415
    from attnaudit.reports.written import write_reports  # noqa: PLC0415

    page = None
    if audits.report is not None:
        page, _ = write_reports(run, audits.directory)
    summary = os.environ.get(SUMMARY_VARIABLE)
    if summary:
        _append(Path(summary), render_markdown(run))
    return page


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        # The verdicts stand whether or not a pipeline can show them.
        message = f"{path}, named by {SUMMARY_VARIABLE}, cannot be written: {error.strerror}"
        warnings.warn(pytest.PytestWarning(message), stacklevel=2)
