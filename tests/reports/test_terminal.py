import pytest

from attnaudit.records import Outcome
from attnaudit.reports.terminal import explanation, summary_lines


def test_the_worst_outcome_comes_first(make_row):
    rows = [make_row(id=outcome.value, outcome=outcome) for outcome in Outcome]
    _, *lines = summary_lines(rows)
    assert [line.split()[0] for line in lines] == [
        "error",
        "refuted",
        "inconclusive",
        "supported",
    ]


def test_two_sites_of_a_model_are_told_apart_and_stand_together(make_row):
    rows = [make_row(site=site, id=name) for name in "ba" for site in ("layer.1", "layer.0")]
    assert [line.split()[1:3] for line in summary_lines(rows)[1:]] == [
        ["news/layer.0", "a"],
        ["news/layer.0", "b"],
        ["news/layer.1", "a"],
        ["news/layer.1", "b"],
    ]


ESCAPE = "\x1b[2J"


def test_no_name_in_the_table_drives_the_terminal(make_row):
    rows = [make_row(model=ESCAPE, site=site, id=ESCAPE) for site in ("a", ESCAPE)]
    text = "".join(summary_lines(rows))
    assert text.count("\\x1b") == 5
    assert text.isprintable()


def test_no_name_class_cause_or_reason_in_an_explanation_drives_the_terminal(make_row):
    names = {"model": ESCAPE, "site": ESCAPE, "statement": ESCAPE, "source": ESCAPE}
    overall = make_row(**names, reason=ESCAPE, undefined=1, causes={ESCAPE: 1})
    text = explanation([overall, make_row(group=f"predicted={ESCAPE}", reason="why")])
    assert text.count("\\x1b") == 8
    assert text.replace("\n", "").isprintable()


def test_an_error_of_several_lines_keeps_them_and_drives_no_terminal(make_row):
    row = make_row(outcome=Outcome.ERROR, error=f"first\n{ESCAPE}", n=0)
    assert explanation([row]).splitlines()[1:] == [
        "  first",
        "  \\x1b[2J",
        "  model     news, attention site attention",
    ]


def test_groups_have_no_line_of_their_own(make_row):
    assert len(summary_lines([make_row(), make_row(group="predicted=yes")])) == 2


def test_columns_line_up(make_row):
    lines = summary_lines([make_row(), make_row(model="a much longer name")])
    assert len({line.index("order-matters") for line in lines[1:]}) == 1


def test_an_explanation_gives_threshold_estimate_interval_and_source(make_row):
    text = explanation([make_row(source="Somebody (2019)")])
    assert text.splitlines() == [
        "refuted: Shuffling attention changes the output",
        "  claimed   mean tvd >= 0.1  (Somebody (2019))",
        "  measured  0.012, decision interval [0.010, 0.020], n = 200",
        "  model     news, attention site attention",
    ]


def test_an_explanation_names_the_group_that_fails(make_row):
    group = make_row(group="predicted=yes", estimate=0.5, low=0.4, high=0.6, n=19)
    text = explanation([make_row(), group.model_copy(update={"reason": "too few"})])
    assert "predicted=yes: 0.500, decision interval [0.400, 0.600], n = 19" in text
    assert "because   predicted=yes: too few" in text


def test_an_explanation_counts_undefined_values_by_cause(make_row):
    text = explanation([make_row(undefined=3, causes={"constant attention": 3})])
    assert "undefined 3 of 200 documents: 3 by constant attention" in text


def test_an_explanation_of_a_search_says_what_it_cannot_show(make_row):
    at_most = make_row(kind="lower-bound", at_least=None, at_most=0.5)
    assert "so it cannot support this" in explanation([at_most])
    assert "so it cannot refute this" in explanation([make_row(kind="lower-bound")])
    assert "found by a search" not in explanation([make_row(kind="exact")])


def test_an_inconclusive_claim_says_how_many_documents_it_would_take(make_row):
    text = explanation([make_row(outcome=Outcome.INCONCLUSIVE, needed=(300, 900))])
    assert "about 300 to 900 documents" in text
    clustered = make_row(outcome=Outcome.INCONCLUSIVE, needed=(30, 90), n=60, clusters=20)
    assert "about 30 to 90 clusters" in explanation([clustered])
    assert "n = 60 in 20 clusters" in explanation([clustered])


def test_an_error_is_shown_instead_of_numbers(make_row):
    row = make_row(outcome=Outcome.ERROR, error="it is in training mode", n=0)
    assert "it is in training mode" in explanation([row])
    assert "measured" not in explanation([row])


KINDS = [("exact", "exact"), ("interval", "interval"), ("lower-bound", "lower bound")]


@pytest.mark.parametrize(("kind", "words"), KINDS)
def test_the_measured_value_of_an_adversary_says_what_it_is(make_row, kind, words):
    row = make_row(audit="adversary", kind=kind)
    assert f"0.012 {words}" in summary_lines([row])[1]
    assert f"measured  0.012 ({words}), decision" in explanation([row])


def test_an_adversary_without_any_value_is_not_called_exact(make_row):
    undefined = make_row(audit="adversary", estimate=None)
    broken = make_row(
        audit="adversary",
        outcome=Outcome.ERROR,
        error="broken",
        **dict.fromkeys(("kind", "estimate", "low", "high")),
    )
    lines = summary_lines([undefined, broken])
    assert "exact" not in "".join(lines)
    assert "undefined" in "".join(lines)


def test_other_audits_do_not_repeat_that_they_are_exact(make_row):
    assert "exact" not in "".join(summary_lines([make_row()]))


def test_an_explanation_of_an_interval_says_which_end_was_measured(make_row):
    note = "measured is what was attained"
    assert note in explanation([make_row(kind="interval")])
    assert note not in explanation([make_row(kind="exact")])


def test_the_null_stands_beside_what_was_measured(make_row):
    heading, line = summary_lines([make_row(null=0.1234)])
    assert line[heading.index("null") :].split()[0] == "0.123"
    assert "null      0.123 where attention explains nothing" in explanation(
        [make_row(null=0.1234)]
    )


def test_without_a_null_there_is_a_dash_and_no_line(make_row):
    heading, line = summary_lines([make_row()])
    assert line[heading.index("null") :].split()[0] == "-"
    assert "null" not in explanation([make_row()])


@pytest.mark.parametrize(
    ("level", "assumption", "words"),
    [
        ("input-word", "linearity", "words of the input; takes for granted that parts of an input"),
        ("hidden-state", "model", "positions, not the words there; takes for granted that models"),
    ],
)
def test_an_explanation_says_what_the_claim_is_about(make_row, level, assumption, words):
    assert f"about     {words}" in explanation([make_row(level=level, assumption=assumption)])


def test_an_explanation_says_if_a_claim_is_about_these_documents_only(make_row):
    text = explanation([make_row(target="these documents")])
    assert "claimed   mean tvd of these documents >= 0.1" in text
