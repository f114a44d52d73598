"""Verdicts look by look: a rare class, and finitely many documents."""

import dataclasses

import numpy as np
import pytest

from attnaudit.calibration import blocks as module
from attnaudit.calibration.blocks import CONSTRUCTIONS, measure_blocks, outcome_in_blocks
from attnaudit.calibration.population import resampled
from attnaudit.calibration.rare_class import false_in_a_rare_class
from attnaudit.records import Outcome
from attnaudit.verdicts import judge

LEVEL = 0.025


@pytest.fixture
def values():
    return np.random.default_rng(0).beta(2, 2, 500)


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """So few documents that the tests are quick."""
    monkeypatch.setattr(module, "DOCUMENTS", 200)
    monkeypatch.setattr(module, "THESE", 120)


@pytest.fixture
def named(permutation_claim, population, values):
    made_up = population(permutation_claim(), values)
    return dataclasses.replace(made_up, construction=CONSTRUCTIONS[0])


def measured(population):
    return measure_blocks(
        population, level=LEVEL, replicates=12, generator=np.random.default_rng(1)
    )


@pytest.mark.parametrize("direction", ["at_least", "at_most"])
def test_the_claim_is_true_of_all_documents_and_false_in_the_rare_class(
    permutation_claim, population, values, direction
):
    claim = permutation_claim(direction, 0.5)
    measurement = population(claim, values).measurements[claim.id]
    spoilt, marked = false_in_a_rare_class(claim, measurement, members=20)
    names = np.array(marked.groups["predicted"])
    assert (names == "rare").sum() == 20
    rare, every = values[names == "rare"].mean(), values.mean()
    if direction == "at_least":
        assert rare < spoilt.threshold < every
    else:
        assert every < spoilt.threshold < rare
    assert spoilt.by == ("predicted",)
    assert set(marked.classes) == set(names)


def test_no_question_gets_a_wrong_verdict_and_those_that_can_be_decided_are(named):
    population, these, truth = measured(named)
    for cell in (population, these, truth):
        assert cell.false_support.count == 0
        assert cell.right.total == 12
    assert population.false_refute is these.false_refute is None
    assert truth.false_refute.count == 0
    # All of these documents are seen in the end.
    assert these.right.share == truth.right.share == 1


def test_a_rule_that_does_not_know_of_the_class_is_caught(named, monkeypatch):
    def forgetful(claim, measurement, *, members):
        spoilt, marked = false_in_a_rare_class(claim, measurement, members=members)
        return spoilt, dataclasses.replace(marked, classes=())

    monkeypatch.setattr(module, "false_in_a_rare_class", forgetful)
    population, *_ = measured(named)
    assert population.false_support.share > 0.1


def test_what_is_decided_in_blocks_is_what_judge_says_at_some_look(
    permutation_claim, population, values
):
    claim = permutation_claim(limit=0.42)
    measurement = population(claim, values[:400]).measurements[claim.id]
    looks = (50, 100, 200, 400)
    each = [judge(claim, resampled(measurement, range(end)), level=LEVEL) for end in looks]
    assert each[0].outcome is Outcome.INCONCLUSIVE
    first = next(one.outcome for one in each if one.outcome is not Outcome.INCONCLUSIVE)
    assert outcome_in_blocks(claim, measurement, level=LEVEL) is first is Outcome.SUPPORTED


def test_other_constructions_are_not_judged_so(permutation_claim, population, values):
    assert measured(population(permutation_claim(), values)) == []


def test_a_claim_without_chance_is_not_judged_so(permutation_claim, population):
    made_up = population(permutation_claim(), [0.4] * 500)
    assert measured(dataclasses.replace(made_up, construction=CONSTRUCTIONS[0])) == []
