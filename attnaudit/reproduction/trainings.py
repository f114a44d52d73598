"""Training one model of the sheet, or reading that it is trained already."""

from dataclasses import asdict, replace
from pathlib import Path

from attnaudit.reproduction.documents import Prepared
from attnaudit.reproduction.request import Request, Training
from attnaudit.training import TrainingOptions, TrainingReport, train


def trained(training: Training, prepared: Prepared, request: Request) -> TrainingReport:
    """Train a model into the out folder; an interrupted training goes on, a finished one is read.

    Args:
        training: Which model.
        prepared: The documents of its task.
        request: Word vectors and device.

    Raises:
        UsageError: If the folder holds another training, or the vectors do not fit.
        MissingExtraError: If the extra "train" is not installed.
    """
    return train(options_of(training, prepared, request), model_directory(training, request.out))


def options_of(training: Training, prepared: Prepared, request: Request) -> TrainingOptions:
    """Everything that decides which weights come out: the recipe of the task.

    Args:
        training: Which model.
        prepared: The documents of its task, which are of the right length already.
        request: Word vectors and device.
    """
    recipe = replace(training.task.settings, min_tokens=1, max_tokens=20_000)
    vectors: dict[str, object] = {}
    if request.embeddings is not None and training.task.pretrained:
        vectors = {
            "embeddings": str(request.embeddings),
            "embedding_size": request.embedding_size,
        }
    settings = asdict(recipe) | vectors
    return TrainingOptions(
        data=str(prepared.path),
        encoder=training.encoder,
        attention=training.attention,
        seed=training.seed,
        device=request.device,
        tokenizer=prepared.tokenizer,
        **settings,
    )


def model_directory(training: Training, out: Path) -> Path:
    """Where a model lies in the out folder."""
    return out / "models" / training.name
