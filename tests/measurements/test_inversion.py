import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.measurements import at_once
from attnaudit.measurements.inversion import CURVE, inversion, powered_attention
from attnaudit.measurements.randomness import document_generator
from attnaudit.measurements.shuffles import random_orders
from attnaudit.models import faithful_model, uniform_attention_model
from attnaudit.models.planted import NEUTRAL_WORDS, POSITIVE_WORDS
from attnaudit.records import Document


def measure(model, documents, *, exponent=-1.0, draws=6, seed=0, max_logit_change=0.5):
    rows = inversion(
        model,
        model.prepare(documents),
        site="attention",
        exponent=exponent,
        max_logit_change=max_logit_change,
        draws=draws,
        seed=seed,
    )
    return {(row.document, row.quantity): row for row in rows}


def power(weights, exponent):
    weights = torch.tensor(weights, dtype=torch.float64)
    return powered_attention(weights, torch.ones_like(weights, dtype=torch.bool), exponent).tolist()


positive = st.lists(st.floats(1e-3, 1), min_size=1, max_size=8)
exponents = st.floats(-4, 4)


@settings(max_examples=60, deadline=None)
@given(weights=positive, exponent=exponents)
def test_powers_are_those_of_plain_arithmetic(weights, exponent):
    weights = [weight / sum(weights) for weight in weights]
    powers = [weight**exponent for weight in weights]
    assert power(weights, exponent) == pytest.approx([one / sum(powers) for one in powers])


@settings(max_examples=60, deadline=None)
@given(weights=positive, first=exponents, second=exponents)
def test_powers_of_powers_multiply_their_exponents(weights, first, second):
    weights = [weight / sum(weights) for weight in weights]
    assert power(power(weights, first), second) == pytest.approx(
        power(weights, first * second), rel=1e-6, abs=1e-12
    )


@pytest.mark.parametrize(
    ("exponent", "expected"),
    [
        (2.0, [0.0, 9 / 13, 4 / 13, 0.0]),
        (0.0, [0.25] * 4),
        (-1.0, [0.5, 0.0, 0.0, 0.5]),
        (-0.001, [0.5, 0.0, 0.0, 0.5]),
    ],
)
def test_weights_of_zero_have_the_limits_that_are_documented(exponent, expected):
    assert power([0.0, 0.6, 0.4, 0.0], exponent) == pytest.approx(expected)


def test_the_limit_at_zero_weights_is_that_of_vanishing_ones():
    for exponent in (2.0, -1.0):
        nearly = power([1e-12, 0.6, 0.4, 1e-12], exponent)
        assert nearly == pytest.approx(power([0.0, 0.6, 0.4, 0.0], exponent), abs=1e-6)


def test_extreme_exponents_neither_overflow_nor_leave_the_simplex():
    for exponent in (-1000.0, 1000.0):
        found = power([1e-300, 0.7, 0.3], exponent)
        assert sum(found) == pytest.approx(1.0)
        assert max(found) == pytest.approx(1.0)


def test_padding_stays_without_weight_under_every_exponent():
    weights = torch.tensor([0.7, 0.3, 0.0], dtype=torch.float64)
    mask = torch.tensor([True, True, False])
    for exponent in CURVE:
        assert powered_attention(weights, mask, exponent)[2] == 0.0


@pytest.mark.parametrize("classes", [("no", "yes"), ("a", "b", "c")])
@pytest.mark.parametrize("exponent", [-1.0, 0.0, 2.5])
def test_every_quantity_is_that_of_running_the_powers_one_by_one(
    make_model, documents, classes, exponent
):
    model = make_model(classes=classes, kind="binary" if len(classes) == 2 else "softmax")
    found = measure(model, documents, exponent=exponent, draws=5, seed=4, max_logit_change=0.01)
    for document in documents:
        [attended] = model.attend(model.prepare([document]), sites=["attention"])
        weights = attended.attention[0].tolist()
        generator = document_generator(4, "inversion/0", document.id)
        orders = random_orders(generator, draws=5, length=len(weights))
        own, *shuffled = (
            effect_of(attended, [weights[t] for t in order], exponent)
            for order in ([*range(len(weights))], *orders)
        )
        for position, quantity in enumerate(
            ("tvd", "decision-changed", "log-odds-lost", "decision-weakened")
        ):
            null = sum(effect[position] for effect in shuffled) / 5
            assert found[document.id, quantity].value == pytest.approx(own[position], abs=1e-10)
            assert found[document.id, f"{quantity}-null"].value == pytest.approx(null, abs=1e-10)
            assert found[document.id, f"{quantity}-above-null"].value == pytest.approx(
                own[position] - null, abs=1e-10
            )


def effect_of(attended, weights, exponent):
    powers = [weight**exponent for weight in weights]
    both = torch.tensor([[weights, [one / sum(powers) for one in powers]]], dtype=torch.float64)
    before, after = attended.readout(both)[0].tolist()
    predicted, runner_up = sorted(range(len(before)), key=lambda one: -before[one])[:2]
    lost = math.log(before[predicted] / before[runner_up]) - math.log(
        after[predicted] / after[runner_up]
    )
    distance = sum(abs(a - b) for a, b in zip(before, after, strict=True)) / 2
    return (
        distance,
        float(after.index(max(after)) != predicted),
        lost,
        float(lost > 0.01) - float(lost < -0.01),
    )


def test_the_curve_is_the_distance_at_each_exponent_and_zero_at_one(make_model, documents):
    model = make_model()
    curve = measure(model, documents)
    for exponent in CURVE:
        alone = measure(model, documents, exponent=exponent)
        for document in documents:
            there = curve[document.id, f"tvd({exponent:g})"].value
            assert there == pytest.approx(alone[document.id, "tvd"].value, abs=1e-12)
    assert all(curve[document.id, "tvd(1)"].value < 1e-12 for document in documents)
    assert any(curve[document.id, "tvd(-2)"].value > 0.01 for document in documents)


def test_single_precision_measures_the_same_to_its_rounding(make_model, documents):
    double, single = (
        measure(make_model(dtype=dtype), documents) for dtype in (torch.float64, torch.float32)
    )
    for name, row in single.items():
        if name[1].startswith(("tvd", "log-odds")):
            assert row.value == pytest.approx(double[name].value, abs=1e-4)


def test_neither_batch_nor_order_changes_a_document(make_model, documents):
    model = make_model()
    together = measure(model, documents)
    for some in (documents[::-1], *([document] for document in documents)):
        for name, row in measure(model, some).items():
            assert row.value == pytest.approx(together[name].value, abs=1e-10)


def test_one_word_has_one_attention_whatever_its_power(make_model, documents):
    found = measure(make_model(), documents)
    for quantity in ("tvd", "decision-changed", "decision-weakened", "tvd(-2)"):
        assert found["d1", quantity].value == 0.0


def test_constant_attention_has_no_order_to_invert():
    document = Document(id="a", tokens=(*NEUTRAL_WORDS[:9], POSITIVE_WORDS[0]))
    found = measure(uniform_attention_model(), [document])
    assert found["a", "tvd"].value == pytest.approx(0.0, abs=1e-15)
    assert found["a", "decision-weakened"].value == 0.0


def test_inverting_a_faithful_model_takes_the_evidence_away_and_turns_nothing_round():
    document = Document(id="a", tokens=(*NEUTRAL_WORDS[:9], POSITIVE_WORDS[0]))
    found = measure(faithful_model(), [document], draws=50)
    own, inverted = 2.9 * 400 / 409, 2.9 / 400 / (9 + 1 / 400)
    assert found["a", "log-odds-lost"].value == pytest.approx(own - inverted)
    assert found["a", "decision-weakened"].value == 1.0
    assert found["a", "decision-weakened-above-null"].value > 0.7
    assert found["a", "decision-changed"].value == 0.0


class _Fixed:
    """A model that shows what it was given."""

    def __init__(self, attended):
        self._attended = attended

    def attend(self, batch, *, sites):
        del batch, sites
        return (self._attended,)


def shown(attended):
    model = faithful_model()
    model.attend = _Fixed(attended).attend
    batch = model.prepare([Document(id="any", tokens=("film",))])
    rows = inversion(
        model, batch, site="attention", exponent=-1.0, max_logit_change=0.5, draws=3, seed=0
    )
    return {(row.document, row.quantity): row for row in rows}


def test_every_row_of_a_site_is_raised_to_the_power_by_itself(make_rowwise):
    rows, scores = [[0.8, 0.1, 0.1], [0.25, 0.5, 0.25]], [2.0, -1.0, 0.5]
    logits = [
        sum(math.tanh(sum(w * z for w, z in zip(row, scores, strict=True))) for row in each)
        for each in (rows, [[1 / 17, 8 / 17, 8 / 17], [0.4, 0.2, 0.4]])
    ]
    p, q = (1 / (1 + math.exp(-logit)) for logit in logits)
    found = shown(make_rowwise(rows, scores))
    assert found["d0", "tvd"].value == pytest.approx(abs(p - q))
    assert found["d0", "log-odds-lost"].value == pytest.approx(logits[0] - logits[1])


def test_what_is_made_at_once_is_bounded_and_changes_nothing(make_rowwise, monkeypatch):
    attended = make_rowwise([[0.8, 0.1, 0.1], [0.25, 0.5, 0.25]], [2.0, -1.0, 0.5])
    together = shown(attended)
    seen = []
    replace = type(attended.readout).replace

    def watched(readout, given):
        seen.append(given.shape[1])
        return replace(readout, given)

    monkeypatch.setattr(type(attended.readout), "replace", watched)
    # Two of the four alternatives, and of the seven exponents of the curve.
    monkeypatch.setattr(at_once, "NUMBERS_AT_ONCE", 2 * attended.rows.numel())
    parted = shown(attended)
    assert max(seen) == 2
    assert {key: row.value for key, row in parted.items()} == pytest.approx(
        {key: row.value for key, row in together.items()}, abs=1e-15
    )


def test_probabilities_of_zero_leave_only_the_log_odds_undefined(make_attended):
    found = shown(make_attended([[0.9, 0.1]], [[2000.0, 1500.0]]))
    for quantity in ("log-odds-lost", "decision-weakened", "decision-weakened-above-null"):
        assert found["d0", quantity].undefined == "saturated output"
    assert found["d0", "tvd"].value == found["d0", "decision-changed"].value == 0.0
