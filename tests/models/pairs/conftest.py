"""Untrained models of two texts, and questions about short documents."""

import pytest
import torch

from attnaudit.data.vocabulary import SPECIALS, Vocabulary
from attnaudit.models.configuration import PairConfiguration
from attnaudit.models.pairs.classifier import PairClassifier
from attnaudit.models.pairs.model import PairModel
from attnaudit.records import Document

WORDS = (
    *("ann", "bob", "eve", "went", "to", "the", "garden", "kitchen", "office"),
    *("where", "is", "now", "then", "was"),
)


@pytest.fixture
def make_pair_configuration():
    def make(**changes):
        fields = {
            "encoder": "bilstm",
            "attention": "additive",
            "embedding_size": 6,
            "hidden_size": 8,
            "classes": ("Garden", "Kitchen", "Office", "Roof"),
            "tokenizer": "whitespace",
            "vocabulary_size": len(WORDS) + 4,
        }
        return PairConfiguration(**(fields | changes))

    return make


@pytest.fixture
def make_pair_model(make_pair_configuration):
    """Random weights, large enough that attention and output are far from constant."""

    def make(*, seed=0, dtype=torch.float64, **changes):
        configuration = make_pair_configuration(**changes)
        network = PairClassifier(configuration).to(dtype)
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for parameter in network.parameters():
                noise = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
                parameter.copy_(0.6 * noise)
            for reader in (network.document, network.query):
                reader.embedding.weight[0] = 0.0
        return PairModel(
            network.eval().requires_grad_(False), configuration, Vocabulary((*SPECIALS, *WORDS))
        )

    return make


@pytest.fixture
def pairs():
    """Every document mentions at least one class of the configuration, none mentions `Roof`."""
    texts = (
        ("Ann went to the garden then Bob went to the kitchen", "where is Ann"),
        ("the office", "where is Bob now"),
        ("garden", "is"),
        ("Eve was then a stranger to the kitchen and the office", "where was Eve then"),
        ("Bob went to the Kitchen", "where is Bob"),
        ("Eve went to the garden then to the office now", "where is the garden"),
    )
    return [
        Document(id=f"d{number}", tokens=tuple(first.split()), text2=second)
        for number, (first, second) in enumerate(texts)
    ]
