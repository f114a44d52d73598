"""attnaudit report: the pages of a stored run again."""

from pathlib import Path
from typing import Annotated

import typer

from attnaudit.runs.stored import open_run


def report(run: Annotated[Path, typer.Argument(help="Report directory of a run.")]) -> None:
    """Write report.html and report.md of a stored run again, without its model."""
    from attnaudit.reports.written import write_reports  # noqa: PLC0415  # it imports matplotlib

    stored = open_run(run)
    for path in write_reports(stored.run, stored.directory):
        typer.echo(str(path))
