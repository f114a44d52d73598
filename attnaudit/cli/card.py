"""attnaudit card: what a run found, for the model's README."""

from pathlib import Path
from typing import Annotated

import typer

from attnaudit.cli.model_choice import chosen_model
from attnaudit.errors import UsageError
from attnaudit.files import write_whole
from attnaudit.reports.card import updated_card
from attnaudit.runs.stored import open_run


def card(
    run: Annotated[Path, typer.Argument(help="Report directory of a run.")],
    *,
    into: Annotated[
        Path | None,
        typer.Option(help="README.md to update; a new one is made.  [default: print]"),
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="Which model of the run.  [default: its only one]")
    ] = None,
) -> None:
    """Write what a run found into a model card: metadata of the hub, and a table."""
    stored = open_run(run)
    name = chosen_model(stored, model)
    if into is None:
        typer.echo(updated_card("", stored.run, name), nl=False)
        return
    before = _read(into)
    after = updated_card(before, stored.run, name)
    if after == before:
        typer.echo(f"{into} says so already")
        return
    write_whole(into, after.encode())
    typer.echo(str(into))


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} cannot be read as UTF-8 text: {error}; nothing was changed"
        ) from error
