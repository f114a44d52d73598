"""The files of a report, beside the run that they show."""

from pathlib import Path

from attnaudit.files import write_whole
from attnaudit.reports.html import render_page
from attnaudit.reports.markdown import render_markdown
from attnaudit.store.common import common_documents
from attnaudit.store.directory import RunDirectory
from attnaudit.store.run import Run

HTML_NAME = "report.html"
MARKDOWN_NAME = "report.md"


def write_reports(run: Run, directory: RunDirectory) -> tuple[Path, Path]:
    """Write `report.html` and `report.md` into a run directory.

    Args:
        run: What was decided.
        directory: Where it keeps what it measured; older reports in it are replaced.

    Returns:
        Their paths.

    Raises:
        UsageError: If the directory lacks something that the run names, or cannot be written to.
        InternalError: If stored tables contradict each other.
    """
    page, table = directory.path / HTML_NAME, directory.path / MARKDOWN_NAME
    # The page shows documents with all that was measured of them.
    write_whole(page, _encoded(render_page(*common_documents(run, directory))))
    write_whole(table, _encoded(render_markdown(run)))
    return page, table


def _encoded(text: str) -> bytes:
    # JSON can hold half a character, which no UTF-8 file can.
    return text.encode("utf-8", errors="backslashreplace")
