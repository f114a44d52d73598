import math

import numpy as np
import pytest

from attnaudit.errors import InvalidArgumentError
from attnaudit.verdicts.change import Change
from attnaudit.verdicts.changed_rows import combine_changes
from attnaudit.verdicts.comparison import compare_measurements
from attnaudit.verdicts.pairing import pair_measurements

LEVEL = 0.025 / 7


@pytest.fixture
def changes(measured):
    """The change of every row, by its group."""

    def compare(claim, old, new, *, sides=({}, {}), **keywords):
        both = [
            measured(claim, values, **({"groups": groups} | keywords))
            for values, groups in zip((old, new), sides, strict=True)
        ]
        return {row.group: row for row in compare_measurements(claim, *both, level=LEVEL)}

    return compare


def noisy(mean, count, *, seed=0, spread=0.1):
    return np.clip(np.random.default_rng(seed).normal(mean, spread, count), -1, 1)


def test_a_faithful_model_that_becomes_uniform_gets_worse_where_more_is_better(agreement, changes):
    rows = changes(agreement(), noisy(0.9, 100), ["constant attention"] * 100)
    assert rows["overall"].change is Change.WORSE
    assert math.isnan(rows["overall"].new)


def test_exchanging_the_runs_turns_worse_into_improved(agreement, changes):
    old, new = noisy(0.7, 100), noisy(0.3, 100, seed=1)
    there, back = changes(agreement(), old, new), changes(agreement(), new, old)
    assert there["overall"].change is Change.WORSE
    assert back["overall"].change is Change.IMPROVED
    assert (back["overall"].low, back["overall"].high) == (
        -there["overall"].high,
        -there["overall"].low,
    )


def test_more_is_worse_where_the_claim_is_at_most(adversary, changes):
    old, new = np.abs(noisy(0.3, 200)), np.abs(noisy(0.7, 200))
    assert changes(adversary(), old, new)["overall"].change is Change.WORSE
    assert changes(adversary(), new, old)["overall"].change is Change.IMPROVED


def test_a_small_perturbation_is_unchanged_with_enough_documents_and_open_with_few(
    agreement, changes
):
    claim = agreement(margin=0.1)
    outcomes = {}
    for count in (50, 1000):
        old = noisy(0.4, count)
        new = old + noisy(0.0, count, seed=1, spread=0.02)
        outcomes[count] = changes(claim, old, new)["overall"].change
    assert outcomes == {50: Change.INCONCLUSIVE, 1000: Change.UNCHANGED}


def test_without_a_margin_nothing_is_unchanged(agreement, changes):
    values = noisy(0.4, 1000)
    row = changes(agreement(), values, values)["overall"]
    assert row.change is Change.INCONCLUSIVE
    assert "no margin" in row.reason


def test_a_difference_surely_within_the_margin_is_no_change_though_it_is_surely_there(
    agreement, changes
):
    old = np.full(4000, 0.4)
    row = changes(agreement(margin=0.1), old, old - 0.05)["overall"]
    assert row.high < 0
    assert row.change is Change.UNCHANGED
    assert changes(agreement(), old, old - 0.05)["overall"].change is Change.WORSE


def test_the_order_of_the_documents_changes_nothing(agreement, measured):
    claim = agreement(by=["label"], margin=0.05)
    draw = np.random.default_rng(3)
    groups = {"label": tuple("ab"[one] for one in draw.integers(0, 2, 80))}
    old, new = (measured(claim, noisy(mean, 80, seed=4), groups=groups) for mean in (0.5, 0.2))
    order = [old.documents[place] for place in draw.permutation(80)]
    turned = pair_measurements(old, new, documents=order)
    assert compare_measurements(claim, *turned, level=LEVEL) == compare_measurements(
        claim, old, new, level=LEVEL
    )


def test_a_document_that_changed_its_predicted_class_is_in_neither_group_and_counted(
    agreement, changes
):
    claim = agreement(by=["predicted"])
    before = {"predicted": ("yes",) * 50 + ("no",) * 50}
    after = {"predicted": ("yes",) * 40 + ("no",) * 60}
    rows = changes(claim, noisy(0.5, 100), noisy(0.1, 100), sides=(before, after))
    assert {name: (row.n, row.moved) for name, row in rows.items()} == {
        "overall": (100, 0),
        "predicted=no": (50, 10),
        "predicted=yes": (40, 10),
    }


def test_two_runs_of_one_distribution_do_not_look_worse_by_the_class_they_predict(
    agreement, changes
):
    # Whoever predicts "yes" agrees more. Groups of the old run alone would regress to the mean.
    draw = np.random.default_rng(5)
    sides, values = [], []
    for _ in range(2):
        yes = draw.random(2000) < 0.5
        sides.append({"predicted": tuple(np.where(yes, "yes", "no"))})
        values.append(np.where(yes, 0.8, 0.2))
    rows = changes(agreement(by=["predicted"]), *values, sides=tuple(sides))
    assert {row.change for row in rows.values()} == {Change.INCONCLUSIVE}
    chosen = np.array(sides[0]["predicted"]) == "yes"
    assert (values[1] - values[0])[chosen].mean() < -0.2


def test_a_group_under_twenty_documents_decides_nothing(agreement, changes):
    groups = {"label": ("rare",) * 19 + ("common",) * 100}
    rows = changes(agreement(by=["label"]), [1.0] * 119, [-1.0] * 119, groups=groups)
    assert rows["label=rare"].change is Change.INCONCLUSIVE
    assert rows["label=rare"].reason == "19 documents; a group under 20 decides nothing"
    assert rows["label=common"].change is Change.WORSE


def test_a_group_that_only_one_run_has_is_open_by_name(agreement, changes):
    sides = {"predicted": ("yes",) * 50}, {"predicted": ("no",) * 50}
    rows = changes(agreement(by=["predicted"]), [0.5] * 50, [0.5] * 50, sides=sides)
    assert rows["predicted=yes"].change is Change.INCONCLUSIVE
    assert rows["predicted=no"].reason == "no document is in it in both runs"


def test_each_row_has_an_equal_share_of_the_level(agreement, measured):
    claim = agreement(by=["label"])
    groups = {"label": ("a",) * 100}
    old, new = (measured(claim, [value] * 100, groups=groups) for value in (0.5, 0.4))
    overall, group = compare_measurements(claim, old, new, level=0.02)
    [alone] = compare_measurements(agreement(), old, new, level=0.01)
    assert (overall.low, overall.high) == (group.low, group.high) == (alone.low, alone.high)


def test_short_documents_are_no_part_of_a_claim_that_says_so(agreement, changes):
    lengths = [3] * 30 + [9] * 70
    rows = changes(agreement(min_tokens=5), [0.5] * 100, [0.5] * 100, lengths=lengths)
    assert rows["overall"].n == 70


def test_a_claim_is_worse_if_any_of_its_rows_is(agreement, changes):
    groups = {"label": ("a",) * 100 + ("b",) * 100}
    old, new = [0.5] * 200, [-0.9] * 100 + [1.0] * 100
    rows = changes(agreement(by=["label"]), old, new, groups=groups)
    assert rows["label=b"].change is Change.IMPROVED
    assert combine_changes(list(rows.values())) is Change.WORSE


def test_measurements_that_are_not_paired_are_refused(agreement, measured):
    claim = agreement()
    with pytest.raises(InvalidArgumentError, match="pair them"):
        compare_measurements(
            claim, measured(claim, [0.1]), measured(claim, [0.1, 0.2]), level=LEVEL
        )


def test_a_level_that_is_no_probability_is_refused(agreement, measured):
    one = measured(agreement(), [0.1])
    with pytest.raises(InvalidArgumentError, match="level"):
        compare_measurements(agreement(), one, one, level=0)


def test_models_of_one_distribution_are_called_worse_no_more_often_than_the_level(
    agreement, measured
):
    draw = np.random.default_rng(7)
    claim, rounds, level = agreement(margin=0.02), 400, 0.025
    found = dict.fromkeys(Change, 0)
    for _ in range(rounds):
        # Skewed, as agreement is: mostly high, now and then far below.
        values = np.where(draw.random((2, 60)) < 0.1, draw.uniform(-1, 0, (2, 60)), 0.8)
        old, new = (measured(claim, one) for one in values)
        [row] = compare_measurements(claim, old, new, level=level)
        found[row.change] += 1
    assert found[Change.WORSE] <= level * rounds
    assert found[Change.IMPROVED] <= level * rounds


def test_a_difference_as_large_as_the_margin_is_called_unchanged_no_more_often_than_the_level(
    agreement, measured
):
    draw = np.random.default_rng(8)
    claim, rounds, level = agreement(margin=0.1), 300, 0.025
    # Now and then a document falls far: what a sample without one would overlook.
    falls, depth = 0.1, 1.0
    unchanged = 0
    for _ in range(rounds):
        old = np.full(500, 0.5)
        new = old - np.where(draw.random(500) < falls, depth, 0.0)
        [row] = compare_measurements(claim, measured(claim, old), measured(claim, new), level=level)
        unchanged += row.change is Change.UNCHANGED
    assert unchanged <= level * rounds
    none = measured(claim, np.full(500, 0.5))
    [row] = compare_measurements(claim, none, none, level=level)
    assert row.change is Change.UNCHANGED
