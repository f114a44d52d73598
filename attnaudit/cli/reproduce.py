"""attnaudit reproduce: the paper's experiments beside its numbers."""

from pathlib import Path
from typing import Annotated

import typer

from attnaudit.cli.choices import Device
from attnaudit.cli.gates import INTERRUPTED
from attnaudit.reproduction.options import parse_data, parse_seeds
from attnaudit.reproduction.request import DEFAULT_TASKS, Request
from attnaudit.reproduction.tasks import ATTENTIONS, ENCODERS


def reproduce(
    *,
    out: Annotated[Path, typer.Option(help="Folder of models, measurements and the sheet.")],
    tasks: Annotated[
        str | None,
        typer.Option(help=f"Names, separated by commas; if left out, {','.join(DEFAULT_TASKS)}."),
    ] = None,
    encoders: Annotated[str, typer.Option(help="Names, separated by commas.")] = ",".join(ENCODERS),
    attentions: Annotated[str, typer.Option(help="Names, separated by commas.")] = ",".join(
        ATTENTIONS
    ),
    seeds: Annotated[
        str, typer.Option(help="Trainings of each model, as 1 or 1,sst=3 for more in one task.")
    ] = "1",
    data: Annotated[
        list[str] | None,
        typer.Option(help="Documents of a task, as sst=PATH or snli=READER:PATH; repeatable."),
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Folder with the data sets of the other tasks under their usual names."),
    ] = None,
    embeddings: Annotated[
        Path | None, typer.Option(help="Word vectors for the tasks that began with some.")
    ] = None,
    embedding_size: Annotated[int, typer.Option(help="Dimensions of these vectors.")] = 300,
    as_published: Annotated[
        bool,
        typer.Option("--as-published", help="Leave out and count as the published code does."),
    ] = False,
    sample: Annotated[
        int,
        typer.Option(help="Documents per model of two texts whose farthest attention is sought."),
    ] = 100,
    notes: Annotated[Path | None, typer.Option(help="Markdown file to end the sheet with.")] = None,
    device: Annotated[Device, typer.Option(help="Where to compute.")] = Device.AUTO,
) -> None:
    """Train and measure the models of Jain & Wallace (2019), or go on with it."""
    names = DEFAULT_TASKS if tasks is None else _names(tasks)
    request = Request(
        out=out,
        tasks=names,
        encoders=_names(encoders),
        attentions=_names(attentions),
        seeds=parse_seeds(seeds, names),
        data=parse_data(data or []),
        data_dir=data_dir,
        # Nothing is downloaded from the hub unless asked by name.
        may_fetch=tasks is not None,
        embeddings=embeddings,
        embedding_size=embedding_size,
        as_published=as_published,
        sample=sample,
        notes=notes,
        device=device.value,
    )
    from attnaudit.reproduction.reproduce import reproduce as run  # noqa: PLC0415  # imports torch

    try:
        sheet = run(request, say=_say)
    except KeyboardInterrupt as error:
        typer.echo("interrupted: the same command goes on from here", err=True)
        raise typer.Exit(INTERRUPTED) from error
    marked = sum(1 for _ in sheet.marked())
    typer.echo(f"wrote {out / 'sheet.md'}: {sheet.trained} models, {marked} marked cells")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _say(line: str) -> None:
    # A log that is looked at from elsewhere must not lag behind.
    print(line, flush=True)  # noqa: T201
