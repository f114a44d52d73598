"""How commands end: deliberate errors in one line, exit statuses that a pipeline understands."""

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from attnaudit.errors import AttnAuditError, InternalError

INTERRUPTED = 130
# The statuses of pytest, for commands that stand in for a pytest run in a pipeline.
FAILED = 1
_USAGE_ERROR = 2
_BROKEN = 3
_UNUSABLE = 4


class Commands(TyperGroup):
    """Commands whose deliberate errors are one line, not a traceback."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except AttnAuditError as error:
            typer.echo(f"error: {' '.join(str(error).split())}", err=True)
            raise typer.Exit(_USAGE_ERROR) from error


class Gate(TyperCommand):
    """A command that a pipeline waits for: its exit status is what pytest's would be."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        """Run it."""
        try:
            return super().invoke(ctx)
        except AttnAuditError as error:
            typer.echo(f"error: {' '.join(str(error).split())}", err=True)
            broken = isinstance(error, InternalError)
            raise typer.Exit(_BROKEN if broken else _UNUSABLE) from error
