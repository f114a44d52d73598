"""The classes that a network tells apart, as its configuration names them."""

from pathlib import Path
from typing import Any

from attnaudit.errors import ModelError
from attnaudit.models.protocol import Outputs


def read_outputs(configuration: Any, path: Path) -> Outputs:  # noqa: ANN401 - of any architecture
    """Class names and link.

    Args:
        configuration: Of a network `...ForSequenceClassification`.
        path: Where it comes from, for messages.

    Raises:
        ModelError: If it predicts numbers instead of classes, or its classes have no names that
            can be told apart and printed.
    """
    names = dict(configuration.id2label)
    if len(names) < 2:
        raise ModelError(
            f"{path} predicts one number, and an audit needs the probabilities of classes. Choose "
            "a classifier of at least two."
        )
    if configuration.problem_type == "regression":
        raise ModelError(
            f"config.json of {path} has the problem_type regression: it predicts {len(names)} "
            "numbers, and an audit needs the probabilities of classes. Choose a classifier."
        )
    if set(names) != set(range(len(names))):
        raise ModelError(
            f"id2label in config.json of {path} must number its {len(names)} classes from 0 to "
            f"{len(names) - 1}; found {', '.join(map(str, list(names)[:5]))}. Name every class."
        )
    classes = tuple(str(names[number]) for number in range(len(names)))
    for name in classes:
        if not name.strip() or not name.isprintable():
            raise ModelError(
                f"config.json of {path} calls a class {name!r:.60}, which cannot be printed. "
                "Rename it."
            )
    if len(set(classes)) < len(classes):
        raise ModelError(f"config.json of {path} gives two classes one name. Rename one.")
    if configuration.problem_type == "multi_label_classification":
        return Outputs(classes=classes, kind="multilabel")
    return Outputs(classes=classes, kind="softmax")
