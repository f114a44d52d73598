"""attnaudit judge: a stored run by other claims."""

from pathlib import Path
from typing import Annotated

import typer

from attnaudit.claims import load_claims
from attnaudit.cli.choices import Inconclusive
from attnaudit.cli.gates import FAILED
from attnaudit.reports.terminal import summary_lines
from attnaudit.runs.judged import claims_differ, judge_again, passes, write_judged
from attnaudit.runs.stored import open_run


def judge(
    run: Annotated[Path, typer.Argument(help="Report directory of a run.")],
    *,
    claims: Annotated[Path, typer.Option(help="Claims file to judge the run by.")],
    inconclusive: Annotated[
        Inconclusive, typer.Option(help="Whether an inconclusive required claim fails.")
    ] = Inconclusive.FAIL,
    out: Annotated[
        Path | None, typer.Option(help="Write the decisions to this file, as run.json has them.")
    ] = None,
) -> None:
    """Judge a stored run by other claims; no model is loaded and nothing measured."""
    stored, chosen = open_run(run), load_claims(claims)
    judged = judge_again(stored, chosen, inconclusive=inconclusive.value)
    for line in summary_lines(judged.claims):
        typer.echo(line)
    if claims_differ(stored, chosen):
        typer.echo(
            "not the claims that the run was made with: if they were chosen after its numbers had "
            "been seen, audit other documents before relying on them"
        )
    if out is not None:
        write_judged(stored, judged, out)
    if not passes(judged):
        raise typer.Exit(FAILED)
