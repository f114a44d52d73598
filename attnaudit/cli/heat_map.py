"""attnaudit heat-map: what a claim found at every layer and head of a run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from attnaudit.errors import UsageError
from attnaudit.files import write_whole
from attnaudit.reports.heat_map import HeatMap, heat_maps
from attnaudit.reports.heat_map_lines import heat_map_lines, heat_map_title
from attnaudit.runs.stored import open_run


def heat_map(
    run: Annotated[Path, typer.Argument(help="Report directory of a run.")],
    *,
    model: Annotated[
        str | None, typer.Option(help="Only maps of this model of the run.  [default: all]")
    ] = None,
    claim: Annotated[
        str | None, typer.Option(help="Only maps of the claim with this id.  [default: all]")
    ] = None,
    every: Annotated[
        bool | None,
        typer.Option(
            "--every/--no-every",
            help="Only maps in which every position asks, or only the others.  [default: both]",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Draw the one map that is left into this SVG file.  [default: print]"),
    ] = None,
) -> None:
    """Print each claim's estimates by layer and head, or draw one claim's as a picture."""
    stored = open_run(run)
    known = heat_maps(stored.run.claims)
    found = [
        one
        for one in known
        if model in {None, one.claim.model}
        and claim in {None, one.claim.id}
        and every in {None, one.every}
    ]
    if not found:
        raise UsageError(f"{stored.place} has no such heat map. {_known(known)}")
    if out is not None:
        _draw(found, out)
        return
    for place, one in enumerate(found):
        if place:
            typer.echo()
        for line in heat_map_lines(one):
            typer.echo(line)


def _draw(found: Sequence[HeatMap], out: Path) -> None:
    from attnaudit.reports.html.heat_map_file import heat_map_file  # noqa: PLC0415  # matplotlib

    if len(found) > 1:
        raise UsageError(f"--out holds one heat map. {_known(found)}")
    try:
        write_whole(out, heat_map_file(found[0]).encode())
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror or error}") from error
    typer.echo(str(out))


def _known(found: Sequence[HeatMap]) -> str:
    if not found:
        return "Audit two heads or more, as with --attn-site 'layer.*.head.*', to have some"
    titles = "; ".join(heat_map_title(one) for one in found)
    names = "--model, --claim and --every or --no-every"
    return f"Name one with {names}: {titles}"
