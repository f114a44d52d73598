import itertools
import math
import statistics

import pytest
import torch

from attnaudit.measurements import at_once as module
from attnaudit.measurements.permutation import permutation, permuted_attention_effect
from attnaudit.measurements.randomness import document_generator
from attnaudit.measurements.shuffles import random_orders
from attnaudit.models import faithful_model, ignored_attention_model, uniform_attention_model
from attnaudit.models.planted import NEUTRAL_WORDS, POSITIVE_WORDS
from attnaudit.records import Bound, Document

TWO_AND_THREE = pytest.mark.parametrize("classes", [("no", "yes"), ("a", "b", "c")])
CHANGE_QUANTITIES = ("tvd", "tvd-null", "tvd-above-null")
LOGIT_QUANTITIES = ("logit-mean", "logit-deviation", "alignment")


def rows_of(model, documents, *, draws=30, seed=0):
    return permutation(model, model.prepare(documents), site="attention", draws=draws, seed=seed)


def values(model, documents, *, quantity="tvd", **keys):
    rows = rows_of(model, documents, **keys)
    return {row.document: row.value for row in rows if row.quantity == quantity}


def model_of(make_model, classes):
    return make_model(classes=classes, kind="binary" if len(classes) == 2 else "softmax")


def median_change(model, document, orders):
    """The median over orders of what the output changes by, one order at a time."""
    [attended] = model.attend(model.prepare([document]), sites=["attention"])
    weights = attended.attention[0].tolist()
    changes = []
    for order in orders:
        shuffled = torch.tensor([weights[position] for position in order], dtype=torch.float64)
        output = attended.readout(shuffled[None, None, :])[0, 0]
        changes.append(float((output - attended.probabilities[0]).abs().sum() / 2))
    return statistics.median(changes)


@pytest.fixture
def longer():
    """Documents of six to thirty words."""
    words = (
        *("the", "film", "was", "great", "but", "we", "never"),
        *("quite", "a", "dull", "plot"),
    )
    return [Document(id=f"long{length}", tokens=(words * 3)[:length]) for length in (6, 13, 30)]


@TWO_AND_THREE
def test_a_longer_document_has_the_median_over_its_own_random_orders(make_model, longer, classes):
    model = model_of(make_model, classes)
    found = values(model, longer, draws=20, seed=3)
    for document in longer:
        generator = document_generator(3, "permutation/0", document.id)
        orders = random_orders(generator, draws=20, length=len(document.tokens))
        expected = median_change(model, document, orders)
        assert found[document.id] == pytest.approx(expected, abs=1e-12)


@TWO_AND_THREE
def test_a_document_of_at_most_five_words_has_the_median_over_all_its_orders(
    make_model, documents, classes
):
    model = model_of(make_model, classes)
    five = Document(id="five", tokens=("the", "plot", "was", "quite", "dull"))
    short = [one for one in documents if len(one.tokens) <= 5] + [five]
    found = values(model, [*short, documents[2]], draws=3)
    for document in short:
        orders = itertools.permutations(range(len(document.tokens)))
        expected = median_change(model, document, orders)
        assert found[document.id] == pytest.approx(expected, abs=1e-12)


def test_chance_plays_a_part_from_six_words_on(make_model, longer):
    model = make_model()
    [six, *_] = longer
    five = Document(id="five", tokens=six.tokens[:5])
    seeds, draws = [
        {
            name: {values(model, [five, six], **keys)[name] for keys in some}
            for name in ("five", six.id)
        }
        for some in (
            [{"seed": seed} for seed in range(5)],
            [{"draws": number} for number in (1, 10, 11)],
        )
    ]
    assert len(seeds["five"]) == len(draws["five"]) == 1
    assert len(seeds[six.id]) > 1
    assert len(draws[six.id]) > 1


def test_every_value_is_exact_for_the_orders_it_is_made_of(make_model, documents, longer):
    rows = rows_of(make_model(), [*documents, *longer])
    assert {row.kind for row in rows} == {Bound.EXACT}
    assert all(row.lower == row.value == row.upper for row in rows if row.undefined is None)


def test_neither_batch_nor_order_changes_a_document(make_model, documents, longer):
    model = make_model()
    every = [*documents, *longer]
    for quantity in (*CHANGE_QUANTITIES, *LOGIT_QUANTITIES):
        together = values(model, every, quantity=quantity)
        backwards = values(model, every[::-1], quantity=quantity)
        alone = {one.id: values(model, [one], quantity=quantity)[one.id] for one in every}
        assert backwards == pytest.approx(together, abs=1e-12, nan_ok=True)
        assert alone == pytest.approx(together, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("at_once", [1, 700, 2**23])
def test_how_much_is_held_in_memory_changes_nothing(
    make_model, documents, longer, monkeypatch, at_once
):
    model = make_model()
    expected = values(model, [*documents, *longer])
    monkeypatch.setattr(module, "NUMBERS_AT_ONCE", at_once)
    assert values(model, [*documents, *longer]) == pytest.approx(expected, abs=1e-15)


def test_a_document_of_one_word_cannot_change(make_model, documents):
    assert values(make_model(), documents)["d1"] == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("words", [3, 9])
@pytest.mark.parametrize(
    ("model", "cause"),
    [
        (uniform_attention_model(), "constant attention"),
        (ignored_attention_model(), "constant logits"),
    ],
)
def test_where_attention_is_constant_or_ignored_nothing_moves(model, cause, words):
    document = Document(id="a", tokens=(*NEUTRAL_WORDS[:words], POSITIVE_WORDS[0]))
    assert values(model, [document])["a"] == pytest.approx(0.0, abs=1e-15)
    assert values(model, [document], quantity="logit-deviation")["a"] == pytest.approx(0, abs=1e-12)
    [alignment] = [row for row in rows_of(model, [document]) if row.quantity == "alignment"]
    assert alignment.undefined == cause


def test_a_faithful_model_moves_as_far_as_its_evidence_weighs_and_is_aligned():
    model = faithful_model()
    document = Document(id="a", tokens=(*NEUTRAL_WORDS[:19], POSITIVE_WORDS[0]))
    [attended] = model.attend(model.prepare([document]), sites=["attention"])
    # Of twenty places nineteen take the weight away from the evidence, and the median is one.
    least = attended.attention.min()
    moved = torch.sigmoid(least * attended.readout.scores[0, -1, 0])
    assert values(model, [document], draws=100)["a"] == pytest.approx(
        float(attended.probabilities[0, 1] - moved), abs=1e-12
    )
    assert values(model, [document], quantity="alignment")["a"] == pytest.approx(1.0)


def test_moments_of_the_logit_are_those_of_the_readout_over_all_orders(make_model, documents):
    model = make_model()
    [document] = documents[:1]
    [attended] = model.attend(model.prepare([document]), sites=["attention"])
    weights = attended.attention[0].tolist()
    logits = [
        float(attended.readout.logits(torch.tensor([[order]], dtype=torch.float64)))
        for order in itertools.permutations(weights)
    ]
    found = {row.quantity: row.value for row in rows_of(model, [document])}
    assert found["logit-mean"] == pytest.approx(statistics.fmean(logits), abs=1e-12)
    assert found["logit-deviation"] == pytest.approx(statistics.pstdev(logits), abs=1e-12)
    away = found["alignment"] * math.sqrt(len(weights) - 1) * found["logit-deviation"]
    assert logits[0] == pytest.approx(found["logit-mean"] + away, abs=1e-12)


def test_moments_are_stored_only_where_there_is_one_linear_logit(make_attended):
    scores = [[[1.0, 2.0, 0.5], [0.0, 1.0, 3.0]]]

    def quantities(columns, **keys):
        some = [[row[:columns] for row in one] for one in scores]
        attended = make_attended([[0.6, 0.4]], some, **keys)
        return [row.quantity for row in permuted_attention_effect(attended, draws=2, seed=0)]

    every, changes = [*CHANGE_QUANTITIES, *LOGIT_QUANTITIES], [*CHANGE_QUANTITIES]
    assert quantities(1) == quantities(2, link="softmax") == every
    assert quantities(3, link="softmax") == quantities(1, opaque=True) == changes


def test_all_rows_of_a_site_are_put_in_the_same_order(make_rowwise):
    attended = make_rowwise([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]], [1.0, -2.0, 0.5])
    row, *_ = permuted_attention_effect(attended, draws=1, seed=0)
    own = attended.probabilities[0, 1]
    changes = []
    for order in itertools.permutations(range(3)):
        moved = attended.rows[:, :, list(order)].unsqueeze(1)
        changes.append(float((attended.readout.replace(moved)[0, 0, 1] - own).abs()))
    assert min(changes) == 0.0
    assert row.value == pytest.approx(statistics.median(changes), abs=1e-15)
