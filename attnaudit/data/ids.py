"""Every document needs a name of its own."""

from collections import Counter
from collections.abc import Sequence

from attnaudit.errors import DataError
from attnaudit.records import Document

_SHOWN = 5


def check_ids(documents: Sequence[Document], *, source: str) -> None:
    """Raise unless there are documents and no two share an id.

    Args:
        documents: What is to be audited or trained on.
        source: Where they come from, for the message.

    Raises:
        DataError: If there are none, or an id occurs twice.
    """
    if not documents:
        raise DataError(f"{source} has no documents. Name a source with at least one row.")
    counts = Counter(document.id for document in documents)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise DataError(
            f"{source} gives the same id to several documents: "
            f"{', '.join(map(repr, twice[:_SHOWN]))}{' and others' if len(twice) > _SHOWN else ''}."
            " Ids seed each document's randomness, so make them unique or map id to another column."
        )
