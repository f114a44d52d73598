"""When a difference from the published number is more than chance among trainings."""

import math

import numpy as np
import pytest
from scipy import stats

from attnaudit.reproduction.cells import Cell, gather_cells, prediction_factor
from attnaudit.reproduction.request import Training
from attnaudit.reproduction.tasks import named_task


def cell(seeds, published, *, quantity="tau-gradient:mean", comparable=True):
    return Cell(
        task="sst",
        encoder="bilstm",
        attention="additive",
        group="all",
        quantity=quantity,
        seeds=tuple(seeds),
        published=published,
        comparable=comparable,
    )


def test_one_further_training_of_the_same_recipe_is_marked_once_in_twenty():
    draw = np.random.default_rng(0)
    trials = 4000
    marked = sum(
        cell(draw.normal(0.3, 0.05, size=3), draw.normal(0.3, 0.05)).marked for _ in range(trials)
    )
    low, high = stats.binom.interval(0.9999, trials, 0.05)
    assert low <= marked <= high


def test_two_spreads_would_be_far_too_few():
    assert prediction_factor(3) == pytest.approx(4.97, abs=0.005)
    assert prediction_factor(5) == pytest.approx(3.04, abs=0.005)
    assert prediction_factor(8) == pytest.approx(2.51, abs=0.005)


@pytest.mark.parametrize(("offset", "marked"), [(0.99, False), (1.01, True), (-1.01, True)])
def test_the_mark_begins_at_the_limit(offset, marked):
    seeds = (0.2, 0.3, 0.4)
    limit = 4.3026527 * math.sqrt(4 / 3) * 0.1
    assert cell(seeds, 0.3 + offset * limit).marked is marked


def test_nothing_is_known_of_the_spread_of_a_single_training():
    single = cell([0.2], 0.9)
    assert (single.spread, single.limit) == (None, None)
    assert (single.compared, single.marked) == (False, False)
    assert single.difference == pytest.approx(-0.7)


def test_other_documents_are_never_marked():
    assert cell([0.2, 0.21], 0.9).marked
    other = cell([0.2, 0.21], 0.9, comparable=False)
    assert (other.compared, other.marked) == (False, False)


def test_what_was_read_from_a_picture_is_granted_its_own_error():
    assert cell([0.5, 0.5], 0.505).marked
    from_picture = cell([0.5, 0.5], 0.505, quantity="search:mean")
    assert (from_picture.compared, from_picture.marked) == (True, False)
    assert from_picture.limit == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("seeds", "published"), [([0.1, 0.1], None), ([0.1, 0.1], math.nan), ([0.1, math.nan], 0.9)]
)
def test_what_is_undefined_on_either_side_has_no_difference(seeds, published):
    found = cell(seeds, published)
    assert found.difference is None
    assert (found.compared, found.marked) == (False, False)


def test_trainings_that_differ_in_the_seed_alone_are_one_cell_in_the_order_of_seeds():
    def training(seed, encoder="bilstm"):
        return Training(task=named_task("sst"), encoder=encoder, attention="additive", seed=seed)

    key = ("all", "tau-gradient:mean")
    models = [
        (training(1), {key: 0.5}),
        (training(0), {key: 0.25}),
        (training(0, "cnn"), {key: 0.75}),
    ]
    bilstm, cnn = gather_cells(models, comparable={"sst": True})
    assert bilstm.seeds == (0.25, 0.5)
    assert bilstm.published == pytest.approx(0.351155)
    assert (cnn.encoder, cnn.seeds) == ("cnn", (0.75,))
