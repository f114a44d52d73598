"""Pretrained word vectors as initial embeddings."""

import hashlib
from pathlib import Path

import torch

from attnaudit.data.embeddings import read_vectors
from attnaudit.data.vocabulary import SPECIALS, Vocabulary
from attnaudit.errors import DataError, UsageError
from attnaudit.training.recipe import Network, embeddings_of


def place_vectors(network: Network, vocabulary: Vocabulary, path: Path) -> None:
    """Begin with the vectors of a file; words it lacks begin at zero, specials stay as they are.

    Args:
        network: Its embedding is changed; both of them if it reads two texts.
        vocabulary: The words of its rows.
        path: Word vectors in a common text format.

    Raises:
        DataError: If the file cannot be read, or has none of the words.
        UsageError: If its vectors have another dimension than the embedding.

    Source:
        Jain & Wallace (2019), whose loader leaves missing words at zero.
    """
    words = vocabulary.words[len(SPECIALS) :]
    vectors = read_vectors(path, words)
    if not vectors:
        raise DataError(
            f"{path} has none of the {len(words)} words of the train split. Choose vectors of the "
            "language of the documents; words are looked up in lower case."
        )
    embeddings = embeddings_of(network)
    size, dimension = embeddings[0].embedding_dim, len(next(iter(vectors.values())))
    if dimension != size:
        raise UsageError(
            f"the vectors of {path} have {dimension} dimensions and the embedding has {size}. "
            f"Pass --embedding-size {dimension}."
        )
    initial = torch.zeros(len(words), size)
    for row, word in enumerate(words):
        if word in vectors:
            initial[row] = torch.from_numpy(vectors[word])
    with torch.no_grad():
        for embedding in embeddings:
            embedding.weight[len(SPECIALS) :] = initial


def file_digest(path: Path) -> str:
    """sha256 of a file.

    Raises:
        DataError: If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}. Check the path.") from error
