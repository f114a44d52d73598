"""Which documents a model was trained on, kept as short hashes of their words.

A model directory carries eight bytes per training document, enough to say how many documents of an
audit the model has seen, and too little to say what any of them was.
"""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np

from attnaudit.errors import DataError
from attnaudit.records import Document

TRAINED_FILE = "training-documents.bin"
"""Its name in a model directory."""

MOST_TRAINED_BYTES = 2**27
"""A larger file, of over 16 million documents, is not read."""

_BYTES = 8


def trained_hashes(documents: Iterable[Document]) -> bytes:
    """The first eight bytes of the sha256 of each document's words, ascending, each once.

    Words are compared without spaces and capitals, so that a text and the words that it was split
    into are the same document.

    Args:
        documents: What a model was trained on.

    Returns:
        The content of the file: eight bytes for each different document.
    """
    return b"".join(sorted({_hash(document) for document in documents}))


def count_trained(content: bytes, documents: Sequence[Document], *, source: str) -> int:
    """How many of some documents are among those a model was trained on.

    Args:
        content: As `trained_hashes` made it.
        documents: What the model is audited on.
        source: Where `content` comes from, for messages.

    Returns:
        At most their number. By chance alone, one of $2^{64}$ pairs of documents is counted.

    Raises:
        DataError: If the content is no list of hashes in ascending order.
    """
    if len(content) % _BYTES:
        raise DataError(
            f"{source} has {len(content)} bytes, which is no whole number of hashes of {_BYTES}; "
            "copy the model directory again"
        )
    known = np.frombuffer(content, dtype=">u8").astype(np.uint64)
    if (known[1:] <= known[:-1]).any():
        raise DataError(f"{source} has hashes that do not ascend; copy the model directory again")
    hashes = [int.from_bytes(_hash(document)) for document in documents]
    return int(np.isin(np.array(hashes, dtype=np.uint64), known).sum())


def _hash(document: Document) -> bytes:
    words = (document.text or "") if document.tokens is None else "".join(document.tokens)
    texts = (words, document.text2 or "")
    letters = "\0".join("".join(text.split()).casefold() for text in texts)
    # Half a character cannot be written; such a text is told apart all the same.
    return hashlib.sha256(letters.encode(errors="surrogatepass")).digest()[:_BYTES]
