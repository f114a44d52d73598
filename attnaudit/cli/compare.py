"""attnaudit compare: two runs, document by document."""

from pathlib import Path
from typing import Annotated

import typer

from attnaudit.claims import load_claims
from attnaudit.cli.choices import Inconclusive
from attnaudit.cli.gates import FAILED
from attnaudit.reports.changes import change_notes, change_summary, change_table
from attnaudit.runs.claims_of_run import claims_of
from attnaudit.runs.compared import compare_runs, overall_rows
from attnaudit.runs.stored import open_run


def compare(
    old: Annotated[Path, typer.Argument(help="Report directory of the earlier run.")],
    new: Annotated[Path, typer.Argument(help="Report directory of the later run.")],
    *,
    claims: Annotated[
        Path | None,
        typer.Option(help="Claims file to compare by.  [default: the claims of the later run]"),
    ] = None,
    inconclusive: Annotated[
        Inconclusive, typer.Option(help="Whether an inconclusive required claim fails.")
    ] = Inconclusive.WARN,
) -> None:
    """Say of every claim whether it improved, got worse or stayed, document by document."""
    before, after = open_run(old), open_run(new)
    chosen = None if claims is None else load_claims(claims)
    comparison = compare_runs(
        before,
        after,
        claims=claims_of(after, chosen),
        former=overall_rows(before.run, among=chosen),
    )
    for line in (*change_table(comparison), *change_notes(comparison)):
        typer.echo(line)
    typer.echo(change_summary(comparison))
    if not comparison.passes(inconclusive=inconclusive.value):
        raise typer.Exit(FAILED)
