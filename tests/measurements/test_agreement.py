import math

import pytest
import scipy.stats

from attnaudit.measurements.agreement import agreement
from attnaudit.measurements.importance import gradient_importance
from attnaudit.models import faithful_model, uniform_attention_model
from attnaudit.models.planted import NEUTRAL_WORDS, POSITIVE_WORDS
from attnaudit.records import Document


def planted_document(*, name, neutral):
    return Document(id=name, tokens=(*NEUTRAL_WORDS[:neutral], POSITIVE_WORDS[0]))


def of(rows, quantity):
    return {row.document: row for row in rows if row.quantity == quantity}


EVERY_IMPORTANCE = pytest.mark.parametrize(
    "asked",
    [
        {"importance": "gradient"},
        {"importance": "gradient-through-attention"},
        {"importance": "integrated-gradients", "steps": 20},
        {"importance": "gradient-norm"},
        {"importance": "attention-gradient"},
        {"importance": "leave-one-out"},
    ],
    ids=lambda asked: asked["importance"],
)


@EVERY_IMPORTANCE
def test_a_faithful_model_agrees_perfectly(asked):
    model = faithful_model()
    batch = model.prepare([planted_document(name=str(n), neutral=n) for n in (1, 5, 12)])
    rows = agreement(model, batch, site="attention", **asked)
    assert [row.value for row in of(rows, "tau").values()] == pytest.approx([1.0, 1.0, 1.0])


@EVERY_IMPORTANCE
def test_constant_attention_has_no_rank_to_agree(asked):
    model = uniform_attention_model()
    batch = model.prepare([planted_document(name="a", neutral=6)])
    rows = agreement(model, batch, site="attention", **asked)
    for quantity in ("tau", "tau-above-null", "p-value"):
        row = of(rows, quantity)["a"]
        assert row.undefined == "constant attention"
        assert math.isnan(row.value)


def test_a_single_word_has_no_rank(make_model, documents):
    model = make_model()
    rows = agreement(model, model.prepare(documents), site="attention", importance="gradient")
    assert of(rows, "tau")["d1"].undefined == "one token"


def test_tau_and_p_value_are_those_of_scipy(make_model, documents):
    model = make_model()
    batch = model.prepare(documents)
    [attended] = model.attend(batch, sites=["attention"])
    scores = gradient_importance(model, batch)
    rows = agreement(model, batch, site="attention", importance="gradient")
    compared = 0
    for position, length in enumerate(batch.lengths.tolist()):
        if length == 1:
            continue
        expected = scipy.stats.kendalltau(
            attended.attention[position, :length].numpy(), scores[position, :length].numpy()
        )
        name = batch.documents[position]
        assert of(rows, "tau")[name].value == pytest.approx(expected.statistic, abs=1e-12)
        assert of(rows, "p-value")[name].value == pytest.approx(expected.pvalue, abs=1e-12)
        compared += 1
    assert compared >= 4


def test_tau_is_stored_with_the_importance_of_every_word_and_of_no_padding(make_model, documents):
    model = make_model()
    batch = model.prepare(documents)
    scores = gradient_importance(model, batch)
    rows = agreement(model, batch, site="attention", importance="gradient")
    for position, length in enumerate(batch.lengths.tolist()):
        row = of(rows, "tau")[batch.documents[position]]
        assert row.importance == tuple(scores[position, :length].tolist())
    assert {row.importance for row in rows if row.quantity != "tau"} == {None}
