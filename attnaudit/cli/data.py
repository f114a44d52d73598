"""attnaudit data: the data sets that can be had by name."""

import typer

from attnaudit.data import catalog
from attnaudit.errors import DataError

data = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Data sets that can be had by name."
)


@data.command("list")
def list_data() -> None:
    """Names of all data sets, and whether they are here already."""
    for name in catalog.names():
        typer.echo(f"{name:24}{_state(name):14}{catalog.show(name).task}")


@data.command("show")
def show_data(name: str) -> None:
    """What a data set is and where it comes from."""
    entry = catalog.show(name)
    typer.echo(f"{entry.name}: {entry.task}")
    typer.echo(entry.description)
    for head, what in (
        ("classes", ", ".join(entry.classes)),
        ("tokenizer", entry.tokenizer),
        *entry.origin.lines(),
        ("sha256", catalog.digest(name) or "recorded when it is first fetched"),
    ):
        typer.echo(f"{head:11}{what}")


@data.command("get")
def get_data(name: str) -> None:
    """Fetch a data set and print where its documents lie."""
    typer.echo(str(catalog.get(name)))


def _state(name: str) -> str:
    try:
        return "fetched" if catalog.is_cached(name) else "not fetched"
    except DataError:
        # What is wrong is said by `show` and `get`; the other names are still to be listed.
        return "damaged"
