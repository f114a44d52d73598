import pytest

from attnaudit.reports.card_section import card_section
from attnaudit.reports.how_read import special_mass_words, truncated_words
from attnaudit.reports.markdown import render_markdown
from attnaudit.reports.notes import note_lines
from attnaudit.store.how_read import SpecialMass

HELD = SpecialMass(mean=0.625, least=0.25, most=0.875)


@pytest.fixture
def run_of(make_row, make_run):
    """A run on 200 documents of one model, read as said."""

    def make(*, truncated=None, special_mass=None, rows=(), **changes):
        run = make_run(*(rows or [make_row()]))
        [entry] = run.models
        documents = entry.documents.model_copy(update={"truncated": truncated})
        changes |= {"documents": documents, "special_mass": special_mass}
        return run.model_copy(update={"models": (entry.model_copy(update=changes),)})

    return make


@pytest.mark.parametrize(
    ("truncated", "special_mass"),
    [(None, None), (0, SpecialMass(mean=0.0, least=0.0, most=0.0))],
)
def test_where_nothing_was_cut_or_held_or_it_is_not_known_nothing_is_said(
    run_of, truncated, special_mass
):
    run = run_of(truncated=truncated, special_mass=special_mass)
    assert truncated_words(run.models[0]) is None
    assert special_mass_words(special_mass) is None
    assert note_lines(run) == []


def test_it_is_told_how_many_documents_were_cut_and_what_that_means(run_of):
    [line] = note_lines(run_of(truncated=3))
    assert line.startswith("news: 3 of 200 documents could not be read whole")
    assert "the end of a document, or of its second text, is missing" in line
    assert "verdicts are about what was read" in line


def test_it_is_told_how_much_special_tokens_hold_and_what_the_audit_is_about(run_of):
    [line] = note_lines(run_of(special_mass=HELD))
    assert line.startswith("news: special tokens, and second texts")
    assert "hold 62.5% of the attention on average (25.0% to 87.5% in single documents)" in line
    assert line.endswith("the audit is about how the words share the rest")


def test_of_two_sites_each_has_its_special_mass_and_the_cut_is_told_once(run_of, make_row):
    rows = [make_row(site=site) for site in ("layer.0", "layer.1")]
    run = run_of(rows=rows, truncated=3, special_mass=HELD, site="layer.0")
    [entry] = run.models
    less = SpecialMass(mean=0.125, least=0.0, most=0.25)
    other = entry.model_copy(update={"site": "layer.1", "special_mass": less})
    first, second, third = note_lines(run.model_copy(update={"models": (entry, other)}))
    assert first.startswith("news/layer.0: special tokens")
    assert second.startswith("news/layer.1: special tokens")
    assert (" 62.5% " in first, " 12.5% " in second) == (True, True)
    assert third.startswith("news: 3 of 200 documents could not")


@pytest.mark.parametrize("order", [1, -1])
def test_of_sites_that_saw_more_and_fewer_documents_the_cut_is_told_of_most(
    run_of, make_row, order
):
    rows = [make_row(site=site) for site in ("layer.0", "layer.1")]
    run = run_of(rows=rows, truncated=11, site="layer.0")
    [entry] = run.models
    few = entry.documents.model_copy(update={"n": 50, "truncated": 3})
    other = entry.model_copy(update={"site": "layer.1", "documents": few})
    [line] = note_lines(run.model_copy(update={"models": (entry, other)[::order]}))
    assert line.startswith("news: 11 of 200 documents could not be read whole")


def test_a_card_of_many_heads_does_not_say_of_each_what_special_tokens_hold(run_of, make_row):
    sites = [f"layer.{layer}.head.{head}" for layer in range(4) for head in range(4)]
    run = run_of(rows=[make_row(site=site) for site in sites], truncated=3, special_mass=HELD)
    [entry] = run.models
    entries = tuple(entry.model_copy(update={"site": site}) for site in sites)
    text = card_section(run.model_copy(update={"models": entries}), "news")
    assert "special tokens" not in text
    assert text.count("could not be read whole") == 1


@pytest.mark.parametrize("report", [render_markdown, lambda run: card_section(run, "news")])
def test_markdown_and_model_card_say_both(report, run_of):
    text = report(run_of(truncated=3, special_mass=HELD))
    assert "3 of 200 documents could not be read whole" in text
    assert "hold 62.5% of the attention on average" in text
    assert "could not be read" not in report(run_of(truncated=0))


def test_no_name_in_them_drives_a_terminal_or_becomes_markup(run_of):
    run = run_of(truncated=3, special_mass=HELD, name="\x1b[2J<b>", site="\x1b[2J")
    held, cut = note_lines(run)
    assert held.startswith("\\x1b[2J<b>: special")
    assert cut.startswith("\\x1b[2J<b>: 3 of 200")
    assert (held + cut).isprintable()
    assert "<b>" not in render_markdown(run).replace("\\<b>", "")
