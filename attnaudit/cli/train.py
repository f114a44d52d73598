"""attnaudit train: a classifier by the recipe of the paper."""

from pathlib import Path
from typing import Annotated

import typer

from attnaudit.cli.choices import Attention, Device, Encoder, Tokenizer
from attnaudit.cli.gates import INTERRUPTED
from attnaudit.data.columns import parse_columns
from attnaudit.training import TrainingOptions, TrainingReport


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
        raise typer.Exit(INTERRUPTED) from error
    _print_report(report, out)


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
