"""A corpus that a word or two decides, small enough to learn in a second."""

import random

import pytest

from attnaudit.data.write import write_documents
from attnaudit.records import Document
from attnaudit.training import TrainingOptions

FILLER = ("the", "film", "we", "saw", "was", "a", "plot", "with", "music", "and", "light")
EVIDENCE = {"bad": ("awful", "dull"), "good": ("great", "lovely"), "odd": ("weird", "strange")}


@pytest.fixture
def make_documents():
    def make(classes=("bad", "good"), sizes=(("train", 40), ("dev", 10), ("test", 10)), seed=0):
        draw = random.Random(seed)  # noqa: S311
        return [
            _document(draw, f"{split}-{number}", classes[number % len(classes)], split)
            for split, size in sizes
            for number in range(size)
        ]

    return make


def _document(draw, name, label, split):
    words = draw.choices(FILLER, k=draw.randint(3, 9))
    words.insert(draw.randrange(len(words)), draw.choice(EVIDENCE[label]))
    return Document(id=name, text=" ".join(words), label=label, split=split)


@pytest.fixture
def data(tmp_path, make_documents):
    path = tmp_path / "data.jsonl"
    write_documents(path, make_documents())
    return path


@pytest.fixture
def make_options(data):
    def make(**changes):
        fields = {
            "data": str(data),
            "encoder": "average",
            "attention": "additive",
            "device": "cpu",
            "tokenizer": "whitespace",
            "min_document_frequency": 1,
            "embedding_size": 8,
            "hidden_size": 4,
            "batch_size": 4,
            "epochs": 3,
        }
        return TrainingOptions(**(fields | changes))

    return make
