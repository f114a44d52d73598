"""A claim that must hold in every group, while some groups have not been drawn yet."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from attnaudit.records import Draw, Outcome
from attnaudit.statistics import upper_bound
from attnaudit.verdicts import block_ends, first_drawn, judge, judge_in_blocks

LEVEL = 0.025
TOTAL = 800
CLASSES = ("common", "rare")
REPLICATES = 10


@pytest.fixture
def population(permutation, measured):
    """Some documents of value 0 are predicted "rare", all others of value 1 are "common"."""

    def make(rare, *, seed, **keys):
        claim = permutation(at_least=0.5, by=["predicted"], **keys)
        values = [0.0] * rare + [1.0] * (TOTAL - rare)
        names = ["rare"] * rare + ["common"] * (TOTAL - rare)
        found = measured(claim, values, groups={"predicted": names})
        place = np.random.default_rng(seed).permutation(TOTAL)
        draw = Draw(place=place, drawn=TOTAL, population=TOTAL)
        return claim, replace(found, classes=CLASSES, draw=draw)

    return make


def decided(claim, measurement):
    return judge_in_blocks(
        claim, partial(first_drawn, measurement), level=LEVEL, ends=block_ends(TOTAL)
    )[0]


@pytest.mark.parametrize("target", ["population", "these documents"])
def test_a_claim_that_is_false_in_a_rare_group_is_never_supported_before_it_is_drawn(
    population, target
):
    outcomes = [decided(*population(8, seed=seed, target=target)) for seed in range(REPLICATES)]
    assert not [one for one in outcomes if one.outcome is Outcome.SUPPORTED]
    # Most of the first blocks are without it: were it not for its name, they would support.
    firsts = [first_drawn(population(8, seed=seed)[1], 50) for seed in range(REPLICATES)]
    without = [one for one in firsts if "rare" not in one.groups["predicted"]]
    assert len(without) > REPLICATES / 3
    claim, _ = population(8, seed=0)
    nameless = [judge(claim, replace(one, classes=()), level=LEVEL) for one in without]
    assert {one.outcome for one in nameless} == {Outcome.SUPPORTED}


@pytest.mark.parametrize("seed", range(3))
def test_once_enough_of_the_rare_group_are_drawn_it_refutes(population, seed):
    verdict = decided(*population(40, seed=seed))
    assert verdict.outcome is Outcome.REFUTED
    assert {row.group: row.outcome for row in verdict.rows}["predicted=rare"] is Outcome.REFUTED


def test_a_class_that_no_document_is_predicted_to_be_stops_nobody_at_the_end(population):
    claim, found = population(0, seed=0)
    verdict = decided(claim, found)
    assert verdict.outcome is Outcome.SUPPORTED
    assert [row.group for row in verdict.rows] == ["overall", "predicted=common"]
    assert verdict.rows[0].n == TOTAL


def test_an_undrawn_group_is_an_open_row_that_says_so(population):
    claim, found = population(0, seed=0)
    verdict = judge(claim, first_drawn(found, 50), level=LEVEL, looks=[50])
    row = verdict.rows[-1]
    assert (row.group, row.n, row.low, row.high) == ("predicted=rare", 0, 0, 1)
    assert row.outcome is Outcome.INCONCLUSIVE
    assert row.reason == "none of the 50 documents drawn of 800 is in it"
    assert verdict.needed is None


def test_a_row_is_refuted_at_the_same_level_however_many_groups_were_seen(permutation, measured):
    claim = permutation(at_least=0.9, by=["predicted"])
    values = np.random.default_rng(0).random(60)
    highs = set()
    for seen in (["a"] * 60, ["a", "b"] * 30, ["a", "b", "c"] * 20):
        found = measured(claim, values, groups={"predicted": seen})
        found = replace(found, classes=("a", "b", "c"))
        highs.add(judge(claim, found, level=LEVEL).rows[0].high)
    [high] = highs
    assert high == pytest.approx(upper_bound(values, level=LEVEL / 4))
