import math

import pytest

from attnaudit.records import Outcome
from attnaudit.reports.changes import change_notes, change_summary, change_table
from attnaudit.verdicts.change import Change, ChangeRow, ClaimChange
from attnaudit.verdicts.run_comparison import DocumentPairs, RunComparison


def row(change=Change.WORSE, **fields):
    fields = {
        "group": "overall",
        "old": 0.5,
        "new": 0.3,
        "low": -0.25,
        "high": -0.15,
        "n": 200,
        "moved": 0,
    } | fields
    return ChangeRow(change=change, **fields)


def claim(change=Change.WORSE, **fields):
    fields = {
        "claim": "order-matters",
        "model": "news",
        "site": "attention",
        "required": True,
        "old": Outcome.SUPPORTED,
        "new": Outcome.REFUTED,
        "margin": 0.02,
        "rows": (row(change),),
    } | fields
    return ClaimChange(change=change, **fields)


PAIRS = {
    "old_model": "news",
    "new_model": "news",
    "site": "attention",
    "same_weights": False,
    "same_digest": True,
    "verified": True,
    "ids": ("a", "b"),
    "only_old": 0,
    "only_new": 0,
    "other_words": 0,
}


def pairs(**fields):
    return RunComparison(pairs=(DocumentPairs(**(PAIRS | fields)),), claims=())


def table(*claims):
    return change_table(RunComparison(pairs=(), claims=claims))


def test_a_line_has_both_outcomes_both_estimates_and_the_interval_of_the_difference():
    [heading, line] = table(claim())
    assert line.split() == [
        *("worse", "news", "order-matters", "supported", "refuted"),
        *("0.500", "0.300", "[-0.250,", "-0.150]", "0.02", "200"),
    ]
    assert line.index("[") == heading.index("difference")


def test_the_worst_change_comes_first():
    lines = table(*(claim(change) for change in reversed(Change)))
    assert [Change(line.split()[0]) for line in lines[1:]] == list(Change)


def test_each_group_has_a_line_with_its_own_change():
    groups = (row(), row(Change.IMPROVED, group="predicted=yes", low=0.1, high=0.2, moved=3))
    *_, group = table(claim(rows=groups))
    assert group.split()[:2] == ["improved", "predicted=yes"]
    assert group.endswith("[+0.100, +0.200]  0.02    200 (3 moved)")


def test_where_a_group_decides_the_claim_the_overall_change_is_shown_too():
    groups = (row(Change.UNCHANGED), row(Change.WORSE, group="predicted=yes"))
    lines = [line.split() for line in table(claim(rows=groups))]
    assert [line[0] for line in lines[1:]] == ["worse", "unchanged", "worse"]
    assert lines[2][1] == "overall"


def test_an_advisory_claim_is_called_so():
    assert table(claim(required=False))[1].startswith("worse (advisory)")


def test_two_sites_of_a_model_are_told_apart_and_stand_in_order():
    sites = [claim(site=site, claim=name) for name in "ba" for site in ("layer.1", "layer.0")]
    lines = [line.split()[1:3] for line in table(*sites)[1:]]
    assert lines == [
        ["news/layer.0", "a"],
        ["news/layer.0", "b"],
        ["news/layer.1", "a"],
        ["news/layer.1", "b"],
    ]


def test_a_reason_and_the_documents_say_of_which_site_they_are():
    sites = [claim(site=site, reason="why") for site in ("layer.0", "layer.1")]
    compared = [DocumentPairs(**PAIRS | {"site": site}) for site in ("layer.0", "layer.1")]
    comparison = RunComparison(
        pairs=tuple(compared), claims=tuple(sites), changed_claims=("news", "news")
    )
    reason, first, second, claims, _ = change_notes(comparison)
    assert reason == "why: order-matters of news/layer.0, order-matters of news/layer.1"
    assert first.startswith("news/layer.0: 2 documents")
    assert second.startswith("news/layer.1: 2 documents")
    assert claims.startswith("news: not the claims")


def test_a_lost_claim_has_no_numbers():
    line = table(claim(Change.LOST, new=None, rows=(), margin=None))[1]
    assert line.split() == ["lost", "news", "order-matters", "supported", *"------"]


def test_a_margin_however_narrow_is_shown_as_it_was_given():
    assert " 0.0004 " in table(claim(margin=0.0004))[1]


def test_a_statistic_without_any_defined_value_is_undefined():
    assert "undefined" in table(claim(rows=(row(new=math.nan),)))[1]


def test_a_reason_is_said_once_for_all_that_it_holds_for():
    claims = (
        claim(claim="a", reason="same weights"),
        claim(claim="b", reason="same weights", rows=(row(group="label=x", reason="too few"),)),
    )
    first, second, *_ = change_notes(RunComparison(pairs=(), claims=claims))
    assert first == "same weights: a of news, b of news"
    assert second == "too few: b of news (label=x)"


def test_a_name_cannot_drive_the_terminal():
    groups = (row(), row(group="predicted=\x1b[2J"))
    comparison = RunComparison(
        pairs=pairs(old_model="\x1b[1m").pairs,
        claims=(claim(model="\x1b[0m", claim="\x1b[3m", rows=groups, reason="why"),),
        changed_claims=("\x1b[4m",),
    )
    text = "".join([*change_table(comparison), *change_notes(comparison)])
    assert text.count("\\x1b") == 7
    assert text.isprintable()


def test_an_error_that_is_the_reason_cannot_drive_the_terminal():
    notes = change_notes(RunComparison(pairs=(), claims=(claim(reason="\x1b[31mgone\nnow"),)))
    assert notes[0].startswith("\\x1b[31mgone\\nnow: ")


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "news: 2 documents paired by id, both runs on the same documents"),
        (
            {"same_digest": False, "only_old": 5, "only_new": 6, "other_words": 7},
            (
                "news: 2 documents paired by id, 5 only in the old run, 6 only in the new run, "
                "7 left out because their words differ"
            ),
        ),
        (
            {"same_digest": False, "verified": False, "old_model": "older"},
            (
                "news against older: 2 documents paired by id; stored words do not prove it, "
                "so only their ids say that they are the same"
            ),
        ),
    ],
)
def test_the_documents_that_were_compared_are_counted(fields, line):
    assert change_notes(pairs(**fields))[0] == line


def test_other_claims_than_those_of_the_old_run_are_said():
    notes = change_notes(RunComparison(pairs=(), claims=(), changed_claims=("news",)))
    assert notes[0].startswith("news: not the claims that the old run was judged by")


def test_the_last_note_speaks_of_weights_and_never_of_a_recipe():
    *_, last = change_notes(RunComparison(pairs=(), claims=()))
    assert last.startswith("these weights only")
    assert "recipe" not in last


def test_the_summary_counts_the_changes_worst_first():
    claims = (claim(Change.UNCHANGED), claim(Change.LOST), claim(Change.UNCHANGED))
    summary = change_summary(RunComparison(pairs=(), claims=claims))
    assert summary == "1 lost, 2 unchanged"
