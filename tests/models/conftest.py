"""Untrained models of every kind, and documents of several lengths."""

import pytest
import torch

from attnaudit.data.vocabulary import SPECIALS, Vocabulary
from attnaudit.models import AttentionClassifier, Configuration, PaperModel
from attnaudit.records import Document

WORDS = (
    *("the", "a", "film", "plot", "was", "never", "quite"),
    *("dull", "great", "awful", "but", "we", "laughed"),
)


@pytest.fixture
def make_configuration():
    def make(**changes):
        fields = {
            "encoder": "bilstm",
            "attention": "additive",
            "embedding_size": 6,
            "hidden_size": 8,
            "classes": ("negative", "positive"),
            "kind": "binary",
            "tokenizer": "whitespace",
            "vocabulary_size": len(WORDS) + 4,
        }
        return Configuration(**(fields | changes))

    return make


@pytest.fixture
def make_model(make_configuration):
    """Random weights, large enough that attention and output are far from constant."""

    def make(*, seed=0, dtype=torch.float64, **changes):
        configuration = make_configuration(**changes)
        network = AttentionClassifier(configuration).to(dtype)
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for parameter in network.parameters():
                noise = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
                parameter.copy_(0.6 * noise)
            network.embedding.weight[0] = 0.0
        return PaperModel(
            network.eval().requires_grad_(False), configuration, Vocabulary((*SPECIALS, *WORDS))
        )

    return make


@pytest.fixture
def documents():
    texts = (
        "the film was great",
        "dull",
        "we laughed but the plot was never quite great",
        "awful awful film",
        "a unheardof film",
        "but we",
    )
    return [
        Document(id=f"d{number}", tokens=tuple(text.split())) for number, text in enumerate(texts)
    ]
