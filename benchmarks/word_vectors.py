"""Word vectors from plain text by counting, where no pretrained ones are at hand.

    python benchmarks/word_vectors.py OUT TEXT [TEXT ...]

Positive pointwise mutual information of words within five places, the singular vectors of its
matrix weighted by the root of their values, unit length times five (Levy, Goldberg & Dagan 2015).
A TEXT is any file of words, plain, gzipped, or a tar archive of such files.
"""

import argparse
import gzip
import re
import tarfile
from collections import Counter
from pathlib import Path

import numpy as np
import scipy.sparse
from scipy.sparse.linalg import svds

from attnaudit.data import normalise

WINDOW = 5
LEAST_COUNT = 2
SMOOTHING = 0.75
DIMENSIONS = 300
LENGTH = 5.0
WORD = re.compile(r"\w+|[^\w\s]")


def lines(path):
    """Every line of a file or archive."""
    if ".tar" in path.suffixes:
        with tarfile.open(path) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isfile() else None
                if file is not None:
                    yield from file.read().decode("utf-8").splitlines()
    elif path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            yield from stream
    else:
        yield from path.read_text("utf-8").splitlines()


def counted(sentences, index):
    """Symmetric matrix of how often two words stand near, near ones counting more."""
    rows, columns, weights = [], [], []
    for sentence in sentences:
        known = [index[word] for word in sentence if word in index]
        for distance in range(1, WINDOW + 1):
            rows += known[:-distance]
            columns += known[distance:]
            weights += [1 / distance] * max(0, len(known) - distance)
    shape = (len(index), len(index))
    matrix = scipy.sparse.coo_matrix((weights, (rows, columns)), shape=shape).tocsr()
    return (matrix + matrix.T).tocoo()


def vectors(counts):
    """[words DIMENSIONS] from a matrix of counts."""
    totals = np.asarray(counts.sum(axis=1)).ravel()
    smoothed = totals**SMOOTHING / (totals**SMOOTHING).sum()
    information = np.log(counts.data / (totals[counts.row] * smoothed[counts.col]))
    kept = information > 0
    matrix = scipy.sparse.csr_matrix(
        (information[kept], (counts.row[kept], counts.col[kept])), shape=counts.shape
    )
    left, values, _ = svds(matrix, k=DIMENSIONS, rng=np.random.default_rng(0))
    found = left * np.sqrt(values)
    norms = np.linalg.norm(found, axis=1, keepdims=True)
    return LENGTH * found / np.where(norms == 0, 1, norms)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    options = parser.parse_args()
    sentences = [
        [normalise(word) for word in WORD.findall(line)]
        for path in options.texts
        for line in lines(path)
    ]
    counts = Counter(word for sentence in sentences for word in sentence)
    words = sorted(word for word, count in counts.items() if count >= LEAST_COUNT)
    index = {word: position for position, word in enumerate(words)}
    table = vectors(counted(sentences, index))
    with options.out.open("w", encoding="utf-8") as stream:
        for word, vector in zip(words, table, strict=True):
            stream.write(f"{word} {' '.join(f'{value:.4f}' for value in vector)}\n")
    print(f"{len(words)} words from {sum(counts.values())} in {len(sentences)} lines")


if __name__ == "__main__":
    main()
