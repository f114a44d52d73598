"""attnaudit train --pretrained: fine-tuning instead of a classifier of the paper."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from attnaudit.cli.gates import INTERRUPTED
from attnaudit.errors import UsageError
from attnaudit.training import TrainingReport


def fine_tuned(
    pretrained: Path,
    out: Path,
    *,
    settings: Mapping[str, object],
    others: Mapping[str, object],
) -> TrainingReport:
    """Fine-tune the network of a directory.

    Args:
        pretrained: A directory of the transformers library.
        out: Model directory to write.
        settings: Options of the fine-tuning that were given.
        others: Options that a pretrained network leaves nothing to decide of, None if not given.

    Raises:
        UsageError: If one of the others was given.
        typer.Exit: If it was interrupted.
    """
    given = [name for name, value in others.items() if value is not None]
    if given:
        raise UsageError(
            f"--{given[0].replace('_', '-')} says how a classifier of the paper is built, and "
            "--pretrained names a network that is built already. Leave one of them out."
        )
    from attnaudit.training.pretrained import (  # noqa: PLC0415  # it imports torch
        PretrainedOptions,
        fine_tune,
    )

    chosen: dict[str, Any] = dict(settings)
    options = PretrainedOptions(pretrained=str(pretrained), **chosen)
    try:
        return fine_tune(options, out)
    except KeyboardInterrupt as error:
        typer.echo("interrupted: the same command begins anew", err=True)
        raise typer.Exit(INTERRUPTED) from error
