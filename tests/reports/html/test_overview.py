from attnaudit.records import Outcome
from attnaudit.reports.html import render_page
from attnaudit.reports.html.overview import overview_of
from attnaudit.reports.verdict_table import worst_first


def test_one_model_at_one_site_needs_no_overview(make_row):
    assert overview_of(worst_first([make_row(), make_row(id="other")])) is None


def test_each_claim_has_the_row_of_each_model_and_site_or_none(make_row):
    rows = [
        make_row(),
        make_row(model="films"),
        make_row(site="layer.1"),
        make_row(id="other", model="films", outcome=Outcome.SUPPORTED),
    ]
    overview = overview_of(worst_first(rows))
    assert overview.subjects == (
        ("films", "attention"),
        ("news", "attention"),
        ("news", "layer.1"),
    )
    cells = {line.claim: line.rows for line in overview.lines}
    assert cells == {
        "order-matters": (rows[1], rows[0], rows[2]),
        "other": (rows[3], None, None),
    }


def test_several_models_stand_side_by_side_on_the_page(whole_run, make_row, elements):
    whole_run.add({"name": "a"})
    error = {"outcome": Outcome.ERROR, "error": "it does not load", "estimate": None}
    whole_run.claims.append(make_row(model="films", **error, low=None, high=None))
    text = render_page(whole_run.finish(), whole_run.directory)
    page = elements(text)
    verdicts, overview = page.every("table")
    assert "attention" in overview["text"]
    assert "order-matters</th><td" in text
    assert "order-matterserrorrefuted" in overview["text"].replace("\n", "")
    assert "films" in verdicts["text"]
