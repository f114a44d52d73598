import math
from dataclasses import replace

import pytest

from attnaudit.measurements.adversary import adversary
from attnaudit.metrics import jensen_shannon_divergence
from attnaudit.models import faithful_model, ignored_attention_model
from attnaudit.models.planted import NEUTRAL_WORDS, POSITIVE_WORDS
from attnaudit.records import Bound, Document

MAX_TVD = 0.05
FOUND = {"divergence", "share-of-free-maximum"}


def measure(model, documents, *, method="auto", steps=40):
    rows = adversary(
        model,
        model.prepare(documents),
        site="attention",
        max_tvd=MAX_TVD,
        method=method,
        restarts=2,
        steps=steps,
        seed=0,
    )
    return {(row.document, row.quantity): row for row in rows if row.quantity in FOUND}


def test_every_witness_keeps_the_output_and_is_as_far_as_it_says(make_model, documents):
    model = make_model()
    batch = model.prepare(documents)
    [attended] = model.attend(batch, sites=["attention"])
    rows = measure(model, documents)
    for position, document in enumerate(documents):
        row = rows[document.id, "divergence"]
        length = len(document.tokens)
        own = attended.attention[position, :length]
        witness = own.new_tensor(row.witness)
        padded = attended.attention.new_zeros(1, 1, attended.attention.shape[1])
        padded[0, 0, :length] = witness
        output = attended.readout.select(batch.lengths.new_tensor([position]))(padded)[0, 0]
        assert float((output - attended.probabilities[position]).abs().sum() / 2) <= MAX_TVD
        assert output.tolist() == pytest.approx(row.witness_probabilities)
        assert float(jensen_shannon_divergence(own, witness)) == pytest.approx(row.value, abs=1e-9)


def test_the_exact_value_is_never_below_what_a_search_finds(make_model, documents):
    model = make_model()
    exact, found = measure(model, documents), measure(model, documents, method="search")
    assert found["d0", "divergence"].kind is Bound.LOWER
    assert exact["d0", "divergence"].kind is Bound.EXACT
    for key, row in found.items():
        if row.undefined is None:
            assert row.value <= exact[key].value + 1e-9
            assert exact[key].value <= row.upper + 1e-9


def test_three_classes_are_enclosed_and_what_a_search_finds_does_not_leave_the_interval(
    make_model, documents
):
    model = make_model(classes=("a", "b", "c"), kind="softmax")
    enclosed, found = measure(model, documents), measure(model, documents, method="search")
    assert {row.kind for row in enclosed.values()} == {Bound.INTERVAL}
    assert {row.kind for row in found.values()} == {Bound.LOWER}
    for key, row in enclosed.items():
        if row.undefined is None:
            assert row.lower == row.value <= row.upper
            assert found[key].value <= row.upper + 1e-6
    widths = [row.upper - row.lower for key, row in enclosed.items() if key[1] == "divergence"]
    assert max(widths) < 0.1


class WithoutLinearReadout:
    """The same model, but nobody is told that its readout is linear."""

    def __init__(self, model):
        self.model = model

    def __getattr__(self, name):
        return getattr(self.model, name)

    def attend(self, batch, *, sites):
        return tuple(
            replace(attended, readout=Opaque(attended.readout))
            for attended in self.model.attend(batch, sites=sites)
        )


class Opaque:
    def __init__(self, readout):
        self.readout = readout

    def __call__(self, attention):
        return self.readout(attention)

    def replace(self, rows):
        return self.readout.replace(rows)

    def logits(self, attention):
        return self.readout.logits(attention)

    def select(self, index):
        return Opaque(self.readout.select(index))


def test_any_other_readout_is_searched_and_carried_on_from_there(make_model, documents):
    model = WithoutLinearReadout(make_model())
    carried, found = measure(model, documents), measure(model, documents, method="search")
    exact = measure(make_model(), documents)
    assert {row.kind for row in carried.values()} == {Bound.LOWER}
    for key, row in carried.items():
        if row.undefined is None:
            assert found[key].value <= row.value <= exact[key].value + 1e-9
    assert carried["d0", "divergence"].value > found["d0", "divergence"].value


def test_one_word_leaves_no_other_attention_and_no_share(make_model, documents):
    rows = measure(make_model(), documents)
    assert rows["d1", "divergence"].value == 0.0
    assert rows["d1", "share-of-free-maximum"].undefined == "one token"


def test_a_model_that_ignores_attention_leaves_the_adversary_free():
    document = Document(id="a", tokens=(*NEUTRAL_WORDS[:9], POSITIVE_WORDS[0]))
    row = measure(ignored_attention_model(), [document])["a", "share-of-free-maximum"]
    assert row.value == pytest.approx(1.0)


def test_a_faithful_model_leaves_the_adversary_little_room():
    document = Document(id="a", tokens=(*NEUTRAL_WORDS[:9], POSITIVE_WORDS[0]))
    rows = measure(faithful_model(), [document])
    assert rows["a", "share-of-free-maximum"].value < 0.45
    assert rows["a", "divergence"].value < math.log(2)
