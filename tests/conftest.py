"""Models that several layers are tested with: untrained ones, and ones of known truth."""

import random

import pytest
import torch
from jaxtyping import install_import_hook

# Shape annotations are executed in every test run, so they cannot rot. Users pay nothing for them.
install_import_hook(
    [
        "attnaudit.metrics",
        "attnaudit.models",
        "attnaudit.adversaries",
        "attnaudit.measurements",
        "attnaudit.reproduction.distant",
        "attnaudit.reproduction.published_search",
    ],
    "beartype.beartype",
)

from attnaudit.data import documents_digest, write_documents  # noqa: E402
from attnaudit.data.audit_file import AuditFile, write_audit_file  # noqa: E402
from attnaudit.data.vocabulary import SPECIALS, Vocabulary  # noqa: E402
from attnaudit.models import (  # noqa: E402
    AttentionClassifier,
    Configuration,
    PaperModel,
    faithful_model,
    ignored_attention_model,
    save_model,
    uniform_attention_model,
)
from attnaudit.models.planted import NEGATIVE_WORDS, NEUTRAL_WORDS, POSITIVE_WORDS  # noqa: E402
from attnaudit.records import Document  # noqa: E402

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


@pytest.fixture(scope="session")
def planted_documents():
    """Enough documents with one evidence word each to decide any claim about a planted model."""
    draw = random.Random(0)  # noqa: S311
    documents = []
    for number in range(120):
        words = draw.choices(NEUTRAL_WORDS, k=draw.randint(5, 25))
        label = ("negative", "positive")[number % 2]
        evidence = POSITIVE_WORDS if label == "positive" else NEGATIVE_WORDS
        words[draw.randrange(len(words))] = draw.choice(evidence)
        documents.append(Document(id=f"d{number}", tokens=tuple(words), label=label))
    return tuple(documents)


@pytest.fixture(scope="session")
def planted_directories(tmp_path_factory, planted_documents):
    """Model directories of known truth, each with the same documents."""
    models = {
        "faithful": faithful_model(),
        "uniform": uniform_attention_model(),
        "ignored": ignored_attention_model(),
    }
    root = tmp_path_factory.mktemp("planted")
    for name, model in models.items():
        save_model(model, root / name)
        write_documents(root / name / "documents.jsonl", planted_documents)
        digest = documents_digest(planted_documents)
        write_audit_file(
            root / name / "audit.toml", AuditFile(documents="documents.jsonl", digest=digest)
        )
    return {name: root / name for name in models}
