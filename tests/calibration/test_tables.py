"""What is demanded of a calibration, and how it is printed."""

import dataclasses

import pytest

from attnaudit.calibration import (
    AdaptiveCell,
    BlocksCell,
    Calibration,
    Cell,
    Confirmed,
    Prediction,
    Rate,
    SessionCell,
    Settings,
    calibration_lines,
    failures,
    held_share,
    prediction_lines,
)
from attnaudit.calibration.bootstrap import BootstrapCell
from attnaudit.calibration.collapse import CollapseCell
from attnaudit.calibration.tables import rate_text

NONE = Rate(0, 4_000)
ERRS = Rate(160, 4_000)
CELL = Cell(
    construction="blind",
    claim="permutation",
    statistic="mean",
    truth=0.25,
    n=200,
    false_support=NONE,
    false_refute=NONE,
    near_support=NONE,
    near_refute=None,
    undecided_true=None,
    undecided_false=Rate(400, 4_000),
    student_support=Rate(600, 4_000),
    student_refute=NONE,
    confirmed=Confirmed(total=6, decided=2),
    least_true=20.0,
    least_false=30.0,
)
SESSION = SessionCell(construction="blind", n=50, any_wrong=NONE, unshared=NONE, student=ERRS)
ADAPTIVE = AdaptiveCell(
    construction="blind",
    claim="permutation",
    false_support=NONE,
    false_refute=NONE,
    student_support=ERRS,
    student_refute=ERRS,
)
BLOCKS = BlocksCell(
    construction="half faithful",
    claim="permutation",
    question="false in a rare class",
    false_support=Rate(0, 200),
    false_refute=Rate(0, 200),
    right=Rate(200, 200),
)
BOOTSTRAP = BootstrapCell(
    construction="blind", claim="permutation", n=20, false_support=ERRS, false_refute=NONE
)
COLLAPSE = CollapseCell(
    claim="permutation",
    limit="at least 0.1",
    defined=0.4,
    n=20,
    supported=NONE,
    refuted=Rate(4_000, 4_000),
)
GOOD = Calibration(
    cells=(CELL,),
    sessions=(SESSION,),
    adaptive=(ADAPTIVE,),
    blocks=(BLOCKS,),
    bootstrap=(BOOTSTRAP,),
    collapse=(COLLAPSE,),
    constant=(("blind", "a"), ("blind", "b")),
    whole=True,
)


def with_one(**changes):
    """The good calibration with one of its rows changed."""
    [(name, fields)] = changes.items()
    [row] = getattr(GOOD, name)
    return dataclasses.replace(GOOD, **{name: (dataclasses.replace(row, **fields),)})


def test_rates_at_or_below_what_is_allowed_pass_whatever_other_intervals_do():
    assert failures(GOOD) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cells": {"false_support": ERRS}}, "blind, permutation, n = 200: 0.0400, above 0.025"),
        ({"cells": {"false_refute": ERRS}}, "blind, permutation, n = 200: 0.0400, above 0.025"),
        ({"cells": {"near_support": ERRS}}, "blind, permutation, n = 200: 0.0400, above 0.025"),
        ({"cells": {"near_refute": ERRS}}, "blind, permutation, n = 200: 0.0400, above 0.025"),
        ({"cells": {"undecided_true": Rate(801, 4_000)}}, "more than 20% inconclusive"),
        ({"sessions": {"any_wrong": Rate(280, 4_000)}}, "20 claims, n = 50: 0.0700, above 0.05"),
        ({"adaptive": {"false_refute": ERRS}}, "adaptive: 0.0400, above 0.025"),
        ({"blocks": {"false_support": Rate(30, 200)}}, "a rare class: 0.1500, above 0.025"),
        ({"blocks": {"false_refute": Rate(30, 200)}}, "a rare class: 0.1500, above 0.025"),
        ({"cells": {"confirmed": Confirmed(total=9)}}, "`judge` repeated no verdict that was"),
        ({"collapse": {"supported": Rate(1, 4_000)}}, "supported in 1 of 4000 samples of 20"),
    ],
)
def test_each_demand_can_fail(changes, message):
    [failure] = failures(with_one(**changes))
    assert message in failure


def test_what_no_valid_rule_could_decide_is_said_and_not_a_failure():
    changed = with_one(cells={"undecided_false": Rate(4_000, 4_000), "least_false": 150.0})
    assert failures(changed) == []
    text = "\n".join(calibration_lines(changed, Settings()))
    assert "with 200 documents: at most 0.2 in 0 of 1 rates" in text
    assert "1 others are excused, as any valid rule needs 150 documents or more there" in text


def test_a_rate_that_chance_explains_does_not_fail():
    # 0.03 of 4,000 is above 0.025 by two standard errors, and there are many rates.
    assert failures(with_one(cells={"false_support": Rate(120, 4_000)})) == []


def test_every_row_of_a_table_has_as_many_columns_as_its_header():
    lines = calibration_lines(GOOD, Settings())
    tables, columns = 0, 0
    for before, line in zip(["", *lines], lines, strict=False):
        if line.startswith("|") and not before.startswith("|"):
            tables, columns = tables + 1, line.count("|")
        if line.startswith("|"):
            assert line.count("|") == columns
    assert tables == 6


def test_the_summary_says_what_was_drawn_what_is_worst_and_that_it_passed():
    text = "\n".join(calibration_lines(GOOD, Settings()))
    assert "2000 documents of each construction (seed 0), 4000 samples of each size" in text
    assert "6 verdicts repeated by `judge` itself with the same outcome, 2 of them" in text
    assert "1 of 2 rates would be above 0.025, the highest 0.150" in text
    assert "with 200 documents: at most 0.2 in 1 of 1 rates" in text
    assert "* passed" in text
    assert "* No chance in them: blind: a, b." in text


def test_a_failure_is_said_before_the_tables():
    lines = calibration_lines(with_one(cells={"false_support": ERRS}), Settings())
    [failed] = [number for number, line in enumerate(lines) if line.startswith("* FAILED")]
    assert lines[failed + 1] == "* failed"
    assert failed < lines.index("## Each claim by itself")


def test_nothing_measured_is_said_in_so_many_words():
    lines = calibration_lines(Calibration(), Settings())
    assert "* FAILED no error rate was tested" in lines
    assert "* passed" not in lines


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("cells", "claim by itself"),
        ("sessions", "session"),
        ("adaptive", "claim that is looked at again and again"),
        ("blocks", "claim that is judged in blocks"),
        ("collapse", "claim about the collapsed model"),
    ],
)
def test_a_calibration_of_everything_lacks_no_kind_of_cells(field, kind):
    lacking = dataclasses.replace(GOOD, **{field: ()})
    assert failures(lacking) == [f"no {kind} was calibrated"]
    assert failures(dataclasses.replace(lacking, whole=False)) == []


def test_so_few_replicates_that_no_rate_could_fail_do_not_pass():
    [failure] = failures(with_one(sessions={"any_wrong": Rate(0, 1)}))
    assert "1 of 8 error rates could not fail, whatever they are: 1 replicates" in failure
    # If all of three are wrong, that is proved to be no chance.
    assert failures(with_one(sessions={"any_wrong": Rate(0, 3)})) == []


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (None, "-"),
        (Rate(0, 4_000), "0 (0-0.001)"),
        (Rate(4_000, 4_000), "1 (0.999-1)"),
        (Rate(100, 4_000), "0.025 (0.020-0.030)"),
    ],
)
def test_a_rate_stands_with_its_limits(rate, text):
    assert rate_text(rate) == text


def prediction(ranges, realised):
    return Prediction(
        model="m", claim="c", gap=0.25, draws=5, ranges=tuple(ranges), realised=tuple(realised)
    )


def test_a_range_holds_what_lies_in_it_and_an_open_end_all_above():
    one = prediction([(30, 90), (30, 90), (30, 90), (200, 1_000_000)], [29, 30, 91, 1_000_000])
    assert one.held == 2
    lines = prediction_lines([one, prediction([], [])])
    assert "| m | c | 0.25 | 4 of 5 | 60 | 0.500 |" in lines
    assert "| m | c | 0.25 | 0 of 5 | - | - |" in lines
    assert "2 of 4 ranges" in lines[-1]
    assert lines[-1].endswith("failed")


def test_seven_of_ten_is_enough():
    ten = prediction([(30, 90)] * 10, [50] * 7 + [100] * 3)
    assert held_share([ten]) == 0.7
    assert prediction_lines([ten])[-1].endswith("passed")


def test_nothing_to_predict_is_a_failure():
    assert held_share([prediction([], [])]) is None
    last = prediction_lines([prediction([], [])])[-1]
    assert last.startswith("No claim was inconclusive")
    assert last.endswith("failed")
