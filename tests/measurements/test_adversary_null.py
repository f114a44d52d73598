"""The adversary of the same weights at random positions, beside that of the model's own."""

import math
import statistics

import numpy as np
import pytest

from attnaudit.adversaries import exact_adversary
from attnaudit.measurements.adversary import adversary
from attnaudit.measurements.adversary_null import SHUFFLES, adversary_null_rows
from attnaudit.measurements.randomness import document_generator
from attnaudit.measurements.rows import exact_row
from attnaudit.measurements.shuffles import random_orders
from attnaudit.models import faithful_model
from attnaudit.models.planted import blind_model
from attnaudit.records import Bound

MAX_TVD = 0.05
QUANTITIES = ("divergence", "share-of-free-maximum")


def measure(model, documents, *, method="auto", seed=0):
    rows = adversary(
        model,
        model.prepare(documents),
        site="attention",
        max_tvd=MAX_TVD,
        method=method,
        restarts=2,
        steps=20,
        seed=seed,
    )
    return {(row.document, row.quantity): row for row in rows}


def test_the_null_is_the_mean_over_orders_that_are_solved_one_at_a_time(make_model, documents):
    model = make_model()
    found = measure(model, documents, seed=3)
    for document in documents:
        length = len(document.tokens)
        [attended] = model.attend(model.prepare([document]), sites=["attention"])
        generator = document_generator(3, "adversary-null/0", document.id)
        solved = [
            exact_adversary(
                attended.attention[:, order], attended.mask, attended.readout, max_tvd=MAX_TVD
            )
            for order in random_orders(generator, draws=SHUFFLES, length=length)
        ]
        expected = statistics.fmean(float(one.divergence[0]) for one in solved)
        row = found[document.id, "divergence-null"]
        assert row.value == pytest.approx(expected, abs=1e-12)
        if length > 1:
            shares = [float(one.divergence[0] / one.free_maximum[0]) for one in solved]
            row = found[document.id, "share-of-free-maximum-null"]
            assert row.value == pytest.approx(statistics.fmean(shares), abs=1e-12)


def test_both_ends_of_a_value_are_moved_by_the_null(make_attended):
    attended = make_attended([[0.6, 0.3, 0.1]], [[1.0, -2.0, 0.5]])
    given = exact_row(("d0", 0), "divergence", 0.5)
    enclosed = type(given)(
        document="d0", quantity="divergence", value=0.4, lower=0.4, upper=0.6, kind=Bound.INTERVAL
    )
    null, above = adversary_null_rows(attended, [enclosed], exact=True, max_tvd=MAX_TVD, seed=0)
    assert null.kind is Bound.EXACT
    assert (above.lower, above.upper) == pytest.approx((0.4 - null.value, 0.6 - null.value))
    assert above.kind is Bound.INTERVAL
    assert above.witness is None


def test_attention_on_what_decides_is_held_tighter_than_at_random(planted_documents):
    some = planted_documents[:60]
    found = measure(faithful_model(), some)
    assert max(found[one.id, "share-of-free-maximum-above-null"].value for one in some) < 0
    assert statistics.fmean(found[one.id, "divergence-above-null"].value for one in some) < -0.3


def test_attention_that_knows_nothing_is_at_its_null_on_average(planted_documents):
    found = measure(blind_model(), planted_documents)
    above = np.array([found[one.id, "divergence-above-null"].value for one in planted_documents])
    assert abs(above.mean()) < 3 * above.std() / math.sqrt(len(above))


def test_one_word_has_a_divergence_of_zero_and_no_share(make_model, documents):
    found = measure(make_model(), documents)
    assert found["d1", "divergence-null"].value == found["d1", "divergence-above-null"].value == 0
    for end in ("-null", "-above-null"):
        assert found["d1", f"share-of-free-maximum{end}"].undefined == "one token"


@pytest.mark.parametrize(
    ("classes", "method", "cause"),
    [
        (("no", "yes"), "search", "not searched for"),
        (("a", "b", "c"), "auto", "not enclosed for several classes"),
    ],
)
def test_without_an_exact_solution_the_null_is_missing_and_says_why(
    make_model, documents, classes, method, cause
):
    model = make_model(classes=classes, kind="binary" if len(classes) == 2 else "softmax")
    found = measure(model, documents[:1], method=method)
    for quantity in QUANTITIES:
        assert found["d0", quantity].undefined is None
        for end in ("-null", "-above-null"):
            row = found["d0", f"{quantity}{end}"]
            assert row.undefined == cause
            assert math.isnan(row.value)
            assert row.witness is None


def test_the_null_of_a_document_is_the_same_in_any_batch(make_model, documents):
    model = make_model()
    together = measure(model, documents)
    for document in reversed(documents):
        alone = measure(model, [document])
        for quantity in QUANTITIES:
            key = document.id, f"{quantity}-null"
            expected = together[key]
            if expected.undefined is None:
                assert alone[key].value == pytest.approx(expected.value, abs=1e-10)
