import re

import pytest

from attnaudit.records import Outcome
from attnaudit.reports.markdown import render_markdown
from attnaudit.store.run import Run, Settings, StratumRow


@pytest.fixture
def markdown_of():
    def render(*rows, **changes):
        settings = Settings(seed=0, claims_counted=2, level=0.1, limit=None, inconclusive="fail")
        run = Run(
            schema=1,
            claims=rows,
            models=(),
            settings=settings,
            versions={"attnaudit": "0.1.0"},
            performance={},
            **changes,
        )
        return render_markdown(run)

    return render


def table_of(text):
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in text.splitlines()
        if line.startswith("|")
    ]


def test_the_table_has_the_worst_claim_first_and_its_groups_below(markdown_of, make_row):
    text = markdown_of(
        make_row(id="good", outcome=Outcome.SUPPORTED),
        make_row(undefined=3),
        make_row(group="predicted=positive"),
    )
    heading, rule, *rows = table_of(text)
    assert heading[:3] == ["Outcome", "Claim", "Claimed"]
    assert set(rule) == {"---"}
    assert [row[0] for row in rows] == ["**refuted**", "refuted", "**supported**"]
    assert rows[0][3:] == ["0.012", "", "\\[0.010, 0.020\\]", "200 (3 undefined)"]
    assert rows[1][1] == "&emsp;predicted=positive"


def test_notes_hold_the_explanation_and_the_strata(markdown_of, make_row):
    strata = (StratumRow(name="below 0.75", n=2, undefined=0, estimate=0.5),)
    text = markdown_of(make_row(strata=strata, reason="too few"))
    assert "  because   overall: too few" in text
    assert "below 0.75  0.500" in text


def test_the_null_of_a_claim_stands_beside_what_was_measured(markdown_of, make_row):
    heading, _, row = table_of(markdown_of(make_row(null=0.25)))
    assert row[heading.index("Null")] == "0.250"


def test_several_models_are_set_side_by_side(markdown_of, make_row):
    one = make_row(model="news")
    assert "claim          news" not in markdown_of(one)
    text = markdown_of(one, make_row(model="films", outcome=Outcome.SUPPORTED))
    assert re.search(r"(?m)^claim +news +films$", text)
    assert re.search(r"(?m)^order-matters +refuted +supported$", text)


def test_two_sites_of_a_model_are_told_apart(markdown_of, make_row):
    text = markdown_of(make_row(site="layer.0"), make_row(site="layer.1"))
    _, _, *rows = table_of(text)
    statement = "**Shuffling attention changes the output**"
    assert [row[1] for row in rows] == [
        f"{statement} (news/layer.0)",
        f"{statement} (news/layer.1)",
    ]
    for site in ("layer.0", "layer.1"):
        assert f"**order-matters**, news/{site}" in text


def test_undecided_claims_are_counted(markdown_of, make_row):
    assert "2 more were not decided" in markdown_of(make_row(), undecided=("a", "b"))
    assert "1 more was not decided" in markdown_of(make_row(), undecided=("a",))


def test_a_claim_in_error_is_not_counted_as_judged(markdown_of, make_row):
    broken = make_row(id="b", outcome=Outcome.ERROR, error="torn")
    text = markdown_of(make_row(), broken)
    assert "\n1 claim was judged and 1 ended in an error, of 2 planned.\n" in text


HOSTILE = "a|b <img src=x> [link](javascript:x) `code` **bold** @team\n# heading \u202e ```` end"


def test_no_text_is_read_as_markup(markdown_of, make_row):
    changes = {"statement": HOSTILE, "model": HOSTILE, "id": HOSTILE, "group": "overall"}
    text = markdown_of(make_row(**changes), make_row(**changes | {"group": HOSTILE}))
    assert {len(row) for row in table_of(text)} == {7}
    outside = "".join(re.split(r"(?ms)^(`{3,})text\n.*?^\1$", text)[::2])
    bare = re.sub(r"\\.", "", outside)
    assert "<img" not in bare
    assert "[link]" not in bare
    assert "@" not in bare
    assert "\u202e" not in text
    assert not [line for line in outside.splitlines() if line.startswith("# ")]


def test_a_fence_is_longer_than_any_inside_it(markdown_of, make_row):
    fences = re.findall(r"(?m)^`+", markdown_of(make_row(statement=HOSTILE)))
    assert fences == ["`````"] * 2
