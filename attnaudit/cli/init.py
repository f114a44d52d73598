"""attnaudit init: a repository whose pipeline audits a model."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from attnaudit.scaffold import scaffold_files, write_scaffold


def init(
    directory: Annotated[
        Path, typer.Argument(help="Root of the repository.", show_default="this folder")
    ] = Path(),
    *,
    model: Annotated[
        str | None,
        typer.Option(
            help="What the workflow audits: a directory in the repository, or "
            "package.module:factory.  [default: the small model that the package carries]"
        ),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(help="Documents to audit it on.  [default: what its audit.toml names]"),
    ] = None,
    package: Annotated[
        str | None,
        typer.Option(
            help="What the workflow installs, as pip takes it.  [default: attnaudit in the version "
            "that writes this, with transformers if the model needs it]"
        ),
    ] = None,
) -> None:
    """Write audits, claims and a workflow into a repository; nothing in it is overwritten."""
    chosen = package if package is not None else _this_package(directory, model)
    files = scaffold_files(package=chosen, model=model, data=data)
    for path in write_scaffold(directory, files):
        typer.echo(str(path))
    typer.echo("commit these files; try them with: pytest audits/ --claims claims.toml")


def _this_package(directory: Path, model: str | None) -> str:
    needs = model is not None and _is_transformer(directory / model)
    return f"attnaudit{'[transformers]' * needs}=={version('attnaudit')}"


def _is_transformer(path: Path) -> bool:
    from attnaudit.models.transformers.recognition import (  # noqa: PLC0415  # imports torch
        is_transformer,
    )

    return path.is_dir() and is_transformer(path)
