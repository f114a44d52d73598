"""Documents: where they come from, what splits them into words, and the words a model knows.

Nothing here imports torch; spaCy, which would, is imported when a text is first split by it, and
the library datasets, which is slow to, when a data set is first fetched from the hub.
"""

from attnaudit.data.digest import documents_digest
from attnaudit.data.embeddings import read_vectors
from attnaudit.data.labels import check_labels, infer_classes
from attnaudit.data.read import read_documents
from attnaudit.data.split import select_split, split_documents
from attnaudit.data.tokenization import normalise, tokenize
from attnaudit.data.vocabulary import Vocabulary
from attnaudit.data.write import write_documents

__all__ = [
    "Vocabulary",
    "check_labels",
    "documents_digest",
    "infer_classes",
    "normalise",
    "read_documents",
    "read_vectors",
    "select_split",
    "split_documents",
    "tokenize",
    "write_documents",
]
