"""What a page says of documents that were cut, and of attention on no word."""

from attnaudit.reports.html import render_page
from attnaudit.store.how_read import SpecialMass

HELD = SpecialMass(mean=0.625, least=0.25, most=0.875)


def page(whole_run, *, truncated, special_mass, name="news"):
    run = whole_run.finish(special_mass=special_mass, name=name)
    [entry] = run.models
    documents = entry.documents.model_copy(update={"truncated": truncated})
    entry = entry.model_copy(update={"documents": documents})
    return render_page(run.model_copy(update={"models": (entry,)}), whole_run.directory)


def provenance(found):
    [names, _] = found.every("dl")
    lines = names["text"].splitlines()
    return [line for line in lines if line]


def test_where_the_run_is_from_tells_what_was_cut_and_held(whole_run, elements):
    whole_run.add({"name": "a"}, {"name": "b"})
    lines = provenance(elements(page(whole_run, truncated=1, special_mass=HELD)))
    [read] = [line for line in lines if line.startswith("read")]
    assert read.startswith("read1 of 2 documents could not be read whole, as the longest input")
    [held] = [line for line in lines if line.startswith("attention")]
    assert "62.5% of the attention on average (25.0% to 87.5% in single documents)" in held


def test_where_nothing_was_cut_or_held_the_page_is_silent(whole_run, elements):
    whole_run.add({"name": "a"})
    for truncated, special_mass in ((None, None), (0, SpecialMass(mean=0.0, least=0.0, most=0.0))):
        text = page(whole_run, truncated=truncated, special_mass=special_mass)
        assert not [line for line in provenance(elements(text)) if line.startswith("read")]
        assert "could not be read" not in text
        assert "special tokens" not in text


def test_a_note_says_what_it_means_and_its_names_are_harmless(whole_run, elements):
    whole_run.add({"name": "a"})
    found = elements(page(whole_run, truncated=1, special_mass=HELD, name="<img src=x>"))
    held, cut = (note["text"] for note in found.every("p", class_="note"))
    assert held.startswith("<img src=x>: special tokens")
    assert cut.startswith("<img src=x>: 1 of 1 documents could not be read whole")
    assert not found.every("img")


def test_a_document_that_could_not_be_read_whole_says_so(page_of, elements):
    found = elements(page_of({"name": "whole"}, {"name": "cut", "truncated": True}))
    heads = [one["text"] for one in found.every("header") if "tau" in one["text"]]
    said = {head.split()[0]: "it could not be read whole" in head for head in heads}
    assert said == {"whole": False, "cut": True}
