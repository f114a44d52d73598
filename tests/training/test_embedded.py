"""The committed files against a fresh generation, and the promises made of them."""

import pytest

from attnaudit.claims import default_claims, load_claims
from attnaudit.models import load_model
from attnaudit.models.planted import NEGATIVE_WORDS, POSITIVE_WORDS
from attnaudit.runs.plan import Request, embedded_directory, make_plan
from attnaudit.training.embedded import write_embedded

FILES = {
    "audit.toml",
    "claims.toml",
    "config.json",
    "documents.jsonl",
    "model.safetensors",
    "vocabulary.json",
}


@pytest.fixture(scope="module")
def model():
    return load_model(embedded_directory())


@pytest.fixture(scope="module")
def documents():
    (subject,) = make_plan(Request()).subjects
    return subject.documents


def test_the_files_in_the_package_are_a_fresh_generation_byte_for_byte(tmp_path):
    write_embedded(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == FILES
    assert {path.name for path in embedded_directory().iterdir()} == FILES
    for name in FILES:
        found = (embedded_directory() / name).read_bytes()
        assert found == (tmp_path / name).read_bytes(), name


def test_everything_together_is_under_a_megabyte():
    assert sum(path.stat().st_size for path in embedded_directory().iterdir()) < 1_000_000


def test_every_output_lies_between_a_twentieth_and_ninety_eight_hundredths(model, documents):
    (attended,) = model.attend(model.prepare(documents), sites=["attention"])
    probabilities = attended.probabilities
    assert len(probabilities) == 300
    assert probabilities.min().item() >= 0.05
    assert probabilities.max().item() <= 0.98


def test_the_evidence_word_decides_and_has_the_most_attention(model, documents):
    batch = model.prepare(documents)
    (attended,) = model.attend(batch, sites=["attention"])
    for row, document in enumerate(documents):
        predicted = model.outputs.classes[int(attended.probabilities[row].argmax())]
        assert predicted == document.label
        top = batch.tokens[row][int(attended.attention[row].argmax())]
        assert top in POSITIVE_WORDS + NEGATIVE_WORDS


def test_its_claims_are_the_default_ones_asked_of_every_predicted_class():
    own = load_claims(embedded_directory() / "claims.toml").claims
    expected = [
        claim.model_copy(update={"by": ("predicted",)}) for claim in default_claims().claims
    ]
    assert [claim.model_dump() for claim in own] == [claim.model_dump() for claim in expected]
