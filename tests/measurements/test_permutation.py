import statistics

import pytest
import torch

from attnaudit.measurements.permutation import permutation
from attnaudit.measurements.randomness import document_generator
from attnaudit.models import faithful_model, ignored_attention_model, uniform_attention_model
from attnaudit.models.planted import NEUTRAL_WORDS, POSITIVE_WORDS
from attnaudit.records import Document


def values(model, documents, *, draws=30, seed=0):
    rows = permutation(model, model.prepare(documents), site="attention", draws=draws, seed=seed)
    return {row.document: row.value for row in rows}


@pytest.mark.parametrize("classes", [("no", "yes"), ("a", "b", "c")])
def test_the_value_is_the_median_change_over_the_documents_own_shuffles(
    make_model, documents, classes
):
    model = make_model(classes=classes, kind="binary" if len(classes) == 2 else "softmax")
    found = values(model, documents, draws=20, seed=3)
    for document in documents:
        [attended] = model.attend(model.prepare([document]), sites=["attention"])
        weights = attended.attention[0].numpy()
        generator = document_generator(3, "permutation/0", document.id)
        orders = generator.permuted([list(range(len(weights)))] * 20, axis=1)
        changes = []
        for order in orders:
            shuffled = torch.tensor([weights[position] for position in order])
            output = attended.readout(shuffled[None, None, :])[0, 0]
            changes.append(float((output - attended.probabilities[0]).abs().sum() / 2))
        assert found[document.id] == pytest.approx(statistics.median(changes), abs=1e-12)


def test_neither_batch_nor_order_changes_a_document(make_model, documents):
    model = make_model()
    together = values(model, documents)
    backwards = values(model, documents[::-1])
    alone = {document.id: values(model, [document])[document.id] for document in documents}
    assert backwards == pytest.approx(together, abs=1e-12)
    assert alone == pytest.approx(together, abs=1e-12)


def test_another_seed_draws_other_shuffles(make_model, documents):
    model = make_model()
    assert values(model, documents, seed=1) != values(model, documents, seed=2)


def test_a_document_of_one_word_cannot_change(make_model, documents):
    assert values(make_model(), documents)["d1"] == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("model", [uniform_attention_model(), ignored_attention_model()])
def test_where_attention_is_constant_or_ignored_nothing_moves(model):
    document = Document(id="a", tokens=(*NEUTRAL_WORDS[:9], POSITIVE_WORDS[0]))
    assert values(model, [document])["a"] == pytest.approx(0.0, abs=1e-15)


def test_a_faithful_model_moves_as_far_as_its_evidence_weighs():
    model = faithful_model()
    document = Document(id="a", tokens=(*NEUTRAL_WORDS[:19], POSITIVE_WORDS[0]))
    [attended] = model.attend(model.prepare([document]), sites=["attention"])
    # Of twenty places nineteen take the weight away from the evidence, and the median is one.
    least = attended.attention.min()
    moved = torch.sigmoid(least * attended.readout.scores[0, -1, 0])
    assert values(model, [document], draws=100)["a"] == pytest.approx(
        float(attended.probabilities[0, 1] - moved), abs=1e-12
    )
