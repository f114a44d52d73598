"""Gold labels as class names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from attnaudit.errors import DataError
from attnaudit.records import Document

_INDEX = re.compile(r"[0-9]+(\.0)?")


def infer_classes(documents: Iterable[Document]) -> tuple[str, ...]:
    """The distinct labels, sorted as strings.

    Args:
        documents: Documents; those without a label are passed over.

    Returns:
        At least one class name.

    Raises:
        DataError: If no document has a label.
    """
    labels = {document.label for document in documents if document.label is not None}
    if not labels:
        raise DataError(
            "no document has a label, so the classes are unknown. Give a label column, or name it "
            "as label=COLUMN."
        )
    return tuple(sorted(labels))


def check_labels(documents: Iterable[Document], classes: Sequence[str]) -> tuple[Document, ...]:
    """The documents with every label spelled as a class name.

    A label is a class name or an index into the sorted classes ("0", "1", also "1.0"); an unknown
    label stays unknown. Where classes look like numbers themselves, labels are indices only if
    they cannot all be names: never some of each.

    Args:
        documents: Documents, labelled or not.
        classes: Class names of the model.

    Returns:
        The same documents in the same order.

    Raises:
        DataError: If a label is neither.
    """
    documents = tuple(documents)
    names = sorted(classes)
    labels = {document.label for document in documents if document.label is not None}
    numeric = any(_INDEX.fullmatch(name) for name in names)
    only_indices = numeric and not labels <= set(names)
    return tuple(_with_class(document, names, only_indices) for document in documents)


def _with_class(document: Document, names: list[str], only_indices: bool) -> Document:
    label = document.label
    if label is None or (label in names and not only_indices):
        return document
    if _INDEX.fullmatch(label) and float(label) < len(names):
        return replace(document, label=names[int(float(label))])
    raise DataError(
        f"document {document.id!r} has the label {label!r}, which is neither a class nor an index "
        f"into the sorted classes ({', '.join(f'{i}: {name}' for i, name in enumerate(names))}). "
        "Mend the label, choose other documents, or name the label column as label=COLUMN."
    )
