import pytest

from attnaudit.reports.notes import note_lines
from attnaudit.store.run import DocumentsEntry, ModelEntry, Run, Settings


@pytest.fixture
def make_run(make_row):
    def make(rows=None, *, first_block=None, claims_history=(), **documents):
        counts = {"n": 100, "planned": 530, "population": 530} | documents
        entry = ModelEntry(
            name="news",
            source="runs/news",
            site="attention",
            digest="d",
            classes=("a", "b"),
            device="cpu",
            dtype="float64",
            documents=DocumentsEntry(source="s", digest="d", skipped={}, **counts),
            documents_key="k",
            claims_source="s",
            claims_digest="now",
            claims_history=claims_history,
        )
        settings = Settings(
            seed=7,
            claims_counted=1,
            level=0.025,
            limit=None,
            inconclusive="fail",
            first_block=first_block,
        )
        return Run(
            schema=1,
            claims=tuple(rows or [make_row()]),
            models=(entry,),
            settings=settings,
            versions={},
            performance={},
        )

    return make


def test_a_run_on_all_documents_by_its_first_claims_needs_no_note(make_run):
    assert note_lines(make_run(claims_history=("now",), trained_on=0)) == []


def test_it_is_told_how_many_documents_were_drawn_and_in_which_order(make_run, make_row):
    rows = [make_row(id="a", drawn=50), make_row(id="b", drawn=100), make_row(group="x=y")]
    [line] = note_lines(make_run(rows, first_block=50))
    assert "on the first 50 to 100 of 530 documents, drawn in the order of seed 7" in line
    [line] = note_lines(make_run(rows[:1], first_block=50))
    assert "on the first 50 of 530" in line


def test_documents_that_the_model_was_trained_on_are_counted(make_run):
    [line] = note_lines(make_run(trained_on=3))
    assert line.startswith("warning: news was trained on 3 of the 530 documents")


def test_claims_that_changed_after_a_first_run_are_a_warning(make_run):
    [line] = note_lines(make_run(claims_history=("before", "now")))
    assert line.startswith("warning: the claims about news are not those")


def test_what_holds_of_a_model_at_all_its_sites_is_said_once(make_run, make_row):
    rows = [make_row(site=site, drawn=50) for site in ("attention", "layer.0")]
    run = make_run(rows, first_block=50, trained_on=3)
    [entry] = run.models
    both = (entry, entry.model_copy(update={"site": "layer.0"}))
    first, second, third = note_lines(run.model_copy(update={"models": both}))
    assert first.startswith("news/attention: claims were decided")
    assert second.startswith("news/layer.0: claims were decided")
    assert third.startswith("warning: news was trained on")


def test_notes_about_one_model_leave_out_the_others(make_run):
    run = make_run(trained_on=3)
    [entry] = run.models
    other = entry.model_copy(update={"name": "films"})
    run = run.model_copy(update={"models": (entry, other)})
    assert len(note_lines(run)) == 2
    [line] = note_lines(run, model="films")
    assert line.startswith("warning: films was trained on")


def test_no_name_drives_the_terminal(make_run):
    run = make_run(trained_on=3, claims_history=("before", "now"))
    entry = run.models[0].model_copy(update={"name": "\x1b[2J"})
    text = "".join(note_lines(run.model_copy(update={"models": (entry,)})))
    assert text.count("\\x1b") == 2
    assert text.isprintable()
