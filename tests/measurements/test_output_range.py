import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import log_softmax

from attnaudit.measurements import output_range as module
from attnaudit.measurements.output_range import output_range


def of(logits, chosen, *, mask=None):
    logits = torch.as_tensor(np.array(logits), dtype=torch.float64)[None]
    mask = torch.ones(logits.shape[:2], dtype=torch.bool) if mask is None else mask
    found = output_range(logits, mask, torch.tensor([chosen]))
    return float(found.lowest), float(found.highest), float(found.bound)


def programmed_highest(logits, chosen):
    """The largest probability of a class, by a general solver from the best single token."""
    logits = np.array(logits)
    begin = np.eye(len(logits))[log_softmax(logits, axis=1)[:, chosen].argmax()]
    result = minimize(
        lambda weights: -log_softmax(weights @ logits)[chosen],
        begin,
        bounds=[(0, 1)] * len(logits),
        constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1},
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )
    return math.exp(-result.fun)


@st.composite
def units(draw):
    tokens, classes = draw(st.integers(1, 6)), draw(st.integers(3, 5))
    score = st.sampled_from([-5.0, -1.7, -0.3, 0.0, 0.4, 1.9, 4.0])
    row = st.lists(score, min_size=classes, max_size=classes)
    logits = draw(st.lists(row, min_size=tokens, max_size=tokens))
    return logits, draw(st.integers(0, classes - 1))


@settings(max_examples=60, deadline=None)
@given(unit=units())
def test_the_highest_probability_is_that_of_a_general_solver(unit):
    logits, chosen = unit
    _, highest, bound = of(logits, chosen)
    expected = programmed_highest(logits, chosen)
    assert highest <= bound <= highest + 1e-5
    assert bound >= expected - 1e-9
    assert highest == pytest.approx(expected, abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(unit=units(), parts=st.lists(st.integers(0, 9), min_size=6, max_size=6))
def test_no_attention_leaves_the_range(unit, parts):
    logits, chosen = unit
    weights = np.array(parts[: len(logits)]) + 0.01
    probability = math.exp(log_softmax(weights / weights.sum() @ np.array(logits))[chosen])
    lowest, _, bound = of(logits, chosen)
    assert lowest - 1e-12 <= probability <= bound + 1e-12


def test_a_mixture_of_tokens_can_give_more_than_each_alone():
    # Either token speaks against one rival only; together they hold both down.
    lowest, highest, _ = of([[0.0, 4.0, -4.0], [0.0, -4.0, 4.0]], 0)
    assert lowest == pytest.approx(1 / (1 + math.exp(4) + math.exp(-4)))
    assert highest == pytest.approx(1 / 3)


def test_a_solver_that_is_stopped_early_is_less_certain_and_not_wrong(monkeypatch):
    logits = [[0.0, 4.0, -4.0], [0.0, -4.0, 3.0], [0.0, 2.0, 2.0]]
    expected = programmed_highest(logits, 0)
    monkeypatch.setattr(module, "STEPS", 0)
    _, highest, bound = of(logits, 0)
    assert highest < expected < bound


def test_padding_changes_nothing():
    logits = [[0.0, 1.0, -1.0], [0.5, -2.0, 1.0]]
    mask = torch.tensor([[True, True, False]])
    assert of([*logits, [99.0, -99.0, 0.0]], 0, mask=mask) == pytest.approx(of(logits, 0))


def test_a_single_token_leaves_nothing_open():
    lowest, highest, bound = of([[0.3, 1.0, -1.0]], 1)
    assert lowest == pytest.approx(bound, abs=1e-15)
    assert lowest == pytest.approx(highest, abs=1e-15)
