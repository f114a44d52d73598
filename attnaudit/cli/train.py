"""attnaudit train: a classifier by the recipe of the paper."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from attnaudit.cli.choices import Attention, Candidates, Device, Encoder, Tokenizer
from attnaudit.cli.gates import INTERRUPTED
from attnaudit.cli.pretrained import fine_tuned
from attnaudit.data.columns import parse_columns
from attnaudit.errors import UsageError
from attnaudit.training import TrainingOptions, TrainingReport
from attnaudit.training.recipes import RECIPES, named_recipe, recipe_of


def train(
    *,
    data: Annotated[
        str, typer.Option(help="A name from `attnaudit data list`, a path, or READER:PATH.")
    ],
    out: Annotated[Path, typer.Option(help="Model directory to write: empty or missing.")],
    encoder: Annotated[Encoder | None, typer.Option(help="What reads the words.")] = None,
    attention: Annotated[Attention | None, typer.Option(help="How words are scored.")] = None,
    pretrained: Annotated[
        Path | None,
        typer.Option(help="Fine-tune the transformers network of this directory instead."),
    ] = None,
    longest: Annotated[
        int | None,
        typer.Option(
            help="Sub-tokens of the longest input of a pretrained network.  [default: 512, or what "
            "it takes]"
        ),
    ] = None,
    columns: Annotated[
        str, typer.Option(help="Columns of the data, as text=review,label=stars.")
    ] = "",
    tokenizer: Annotated[
        Tokenizer | None,
        typer.Option(help="What splits texts into words.  [default: the catalog's, else spacy]"),
    ] = None,
    recipe: Annotated[
        str | None,
        typer.Option(
            help=f"Defaults of a published task: {', '.join(RECIPES)}.  [default: that of the "
            "reader for babi, snli and cnn, else classification]"
        ),
    ] = None,
    candidates: Annotated[
        Candidates | None,
        typer.Option(help="Which classes may answer a second text.  [default: the recipe's]"),
    ] = None,
    min_tokens: Annotated[
        int | None, typer.Option(help="Leave shorter documents out.  [default: the recipe's]")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(help="Leave longer documents out.  [default: the recipe's]")
    ] = None,
    min_document_frequency: Annotated[
        int | None,
        typer.Option(help="Documents a word must occur in to be known.  [default: the recipe's]"),
    ] = None,
    embeddings: Annotated[
        Path | None, typer.Option(help="Word vectors to begin with: word2vec, fastText or GloVe.")
    ] = None,
    embedding_size: Annotated[
        int | None, typer.Option(help="Dimensions of an embedding.  [default: the recipe's]")
    ] = None,
    embedding_scale: Annotated[
        float | None,
        typer.Option(
            help="Standard deviation of embeddings that begin at random.  [default: the recipe's]"
        ),
    ] = None,
    hidden_size: Annotated[
        int | None,
        typer.Option(help="Units of the encoder, per direction.  [default: the recipe's]"),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(help="Passes over the train split.  [default: the recipe's]")
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(help="Documents per step.  [default: the recipe's]")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of weights and batches.")] = 0,
    device: Annotated[Device, typer.Option(help="Where to train.")] = Device.AUTO,
) -> None:
    """Train a classifier by the recipe of Jain & Wallace (2019), or go on with it."""
    from attnaudit.training import train  # noqa: PLC0415  # it imports torch

    parsed = parse_columns(columns) if columns else {}
    chosen: dict[str, Any] = {
        "candidates": None if candidates is None else candidates.value,
        "min_tokens": min_tokens,
        "max_tokens": max_tokens,
        "min_document_frequency": min_document_frequency,
        "embedding_size": embedding_size,
        "embedding_scale": embedding_scale,
        "hidden_size": hidden_size,
        "epochs": epochs,
        "batch_size": batch_size,
    }
    given = {name: value for name, value in chosen.items() if value is not None}
    if pretrained is not None:
        shared = {name: given.pop(name) for name in ("epochs", "batch_size") if name in given}
        places = {"data": data, "columns": parsed, "seed": seed, "device": device.value}
        places |= {} if longest is None else {"longest": longest}
        parts = {"encoder": encoder, "attention": attention, "tokenizer": tokenizer}
        others = parts | {"recipe": recipe, "embeddings": embeddings} | given
        report = fine_tuned(pretrained, out, settings=places | shared, others=others)
        _print_report(report, out)
        return
    if longest is not None:
        raise UsageError(
            "--longest bounds the input of a pretrained network, and none is named. For a "
            "classifier of the paper, --max-tokens leaves longer documents out."
        )
    if encoder is None or attention is None:
        raise UsageError(
            "a classifier of the paper needs --encoder and --attention. Name both, or a "
            "pretrained network with --pretrained."
        )
    defaults = recipe_of(data) if recipe is None else named_recipe(recipe)
    options = TrainingOptions(
        data=data,
        encoder=encoder.value,
        attention=attention.value,
        columns=parsed,
        tokenizer=None if tokenizer is None else tokenizer.value,
        embeddings=None if embeddings is None else str(embeddings),
        seed=seed,
        device=device.value,
        **(asdict(defaults) | given),
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
