"""Documents for planted models: neutral words around evidence, drawn from a given source."""

from typing import Literal

import numpy as np

from attnaudit.errors import InvalidArgumentError
from attnaudit.models.planted.words import NEGATIVE_WORDS, NEUTRAL_WORDS, POSITIVE_WORDS
from attnaudit.records import Document

_LABELS = ("negative", "positive")
_WORDS = {"negative": NEGATIVE_WORDS, "positive": POSITIVE_WORDS}


def planted_documents(
    count: int,
    *,
    generator: np.random.Generator,
    lengths: tuple[int, int] = (10, 39),
    copies: int = 1,
    positive_share: float = 0.5,
    evidence: Literal["both", "positive"] = "both",
) -> tuple[Document, ...]:
    """Documents of neutral words with evidence at uniform places.

    Args:
        count: How many.
        generator: Source of everything random.
        lengths: Least and largest number of words, both included.
        copies: Evidence words of a document, all of its class.
        positive_share: Share of positive documents, which are spread evenly.
        evidence: Which classes have any; documents of the other are neutral throughout.

    Returns:
        Documents with ids "planted-0", "planted-1", ... and their labels.

    Raises:
        InvalidArgumentError: If the shortest document has no room for the evidence.
    """
    least, most = lengths
    if not 0 <= copies <= least <= most:
        raise InvalidArgumentError(
            f"documents of {least} to {most} words cannot hold {copies} evidence words each. Give "
            "a range of lengths that begins at the number of copies or above."
        )
    documents = []
    for number in range(count):
        positive = int((number + 1) * positive_share) > int(number * positive_share)
        label = _LABELS[positive]
        words = generator.choice(NEUTRAL_WORDS, size=generator.integers(least, most + 1))
        places = generator.choice(len(words), size=copies, replace=False)
        if evidence in ("both", label):
            words = words.astype(object)
            words[places] = generator.choice(_WORDS[label], size=copies)
        tokens = tuple(str(word) for word in words)
        documents.append(Document(id=f"planted-{number}", tokens=tokens, label=label))
    return tuple(documents)
