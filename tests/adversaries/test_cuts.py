import itertools

import numpy as np
import pytest

from attnaudit.adversaries import cuts, program
from attnaudit.adversaries.cuts import cut_towards
from attnaudit.adversaries.program import Failure
from attnaudit.adversaries.response import SoftmaxResponse
from attnaudit.adversaries.separable import chord_from_zero_to_one
from attnaudit.adversaries.unit import Unit


def drawn(seed, *, tokens=30, classes=6):
    rng = np.random.default_rng(seed)
    attention = np.exp(2 * rng.standard_normal(tokens))
    attention /= attention.sum()
    response = SoftmaxResponse(2 * rng.standard_normal((tokens, classes)))
    own = response.probabilities(attention[None])[0]
    return Unit(attention=attention, response=response, own=own, max_tvd=0.05, aim=0.05)


@pytest.mark.parametrize("seed", range(4))
def test_the_cuts_lead_to_a_distant_attention_that_keeps_the_output(seed):
    unit = drawn(seed)
    cost = chord_from_zero_to_one(unit.attention)
    found = cut_towards(unit, unit.response.logits, cost=cost)
    assert unit.admissible(found[None])[0]
    assert unit.divergence(found[None])[0] > 0.5


def test_without_cuts_the_output_moves_too_far(monkeypatch):
    unit = drawn(0)
    monkeypatch.setattr(cuts, "ROUNDS", 1)
    found = cut_towards(unit, unit.response.logits, cost=chord_from_zero_to_one(unit.attention))
    assert unit.tvd(found[None])[0] > 0.05
    # Still, every ratio of two probabilities is one that the distance permits.
    probabilities = unit.response.probabilities(found[None])[0]
    for c, d in itertools.permutations(range(6), 2):
        if unit.own[d] > 0.05:
            most = (unit.own[c] + 0.05) / (unit.own[d] - 0.05)
            assert probabilities[c] / probabilities[d] <= most * (1 + 1e-6)


def test_a_solver_that_gives_up_leaves_no_attention(monkeypatch):
    monkeypatch.setattr(program.Program, "solve", lambda _: Failure.UNSOLVED)
    unit = drawn(0)
    assert cut_towards(unit, unit.response.logits, cost=unit.attention) is None
