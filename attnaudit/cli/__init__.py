"""The command line. Nothing is decided here, and torch is imported only by what needs it."""

from importlib.metadata import version
from typing import Annotated

import typer

from attnaudit.cli.calibrate import calibrate
from attnaudit.cli.card import card
from attnaudit.cli.compare import compare
from attnaudit.cli.data import data
from attnaudit.cli.gates import Commands, Gate
from attnaudit.cli.heat_map import heat_map
from attnaudit.cli.init import init
from attnaudit.cli.judge import judge
from attnaudit.cli.report import report
from attnaudit.cli.reproduce import reproduce
from attnaudit.cli.schema import schema
from attnaudit.cli.show import show
from attnaudit.cli.train import train

__all__ = ["app"]

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Audit whether attention weights explain a model's decisions.",
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"attnaudit {version('attnaudit')}")
        raise typer.Exit


@app.callback()
def main(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Audit whether attention weights explain a model's decisions."""


app.add_typer(data, name="data")
app.command()(train)
app.command()(reproduce)
app.command(cls=Gate)(judge)
app.command(cls=Gate)(compare)
app.command()(report)
app.command(cls=Gate)(calibrate)
app.command()(card)
app.command()(show)
app.command("heat-map")(heat_map)
app.command()(init)
app.command()(schema)
