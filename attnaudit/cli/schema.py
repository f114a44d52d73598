"""attnaudit schema: what run.json holds, for whoever reads it by program."""

import typer

from attnaudit.store.schema import schema_text


def schema() -> None:
    """Print the JSON Schema that every run.json fulfils."""
    typer.echo(schema_text(), nl=False)
