import io
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from rich.console import Console

from attnaudit.claims import AdversaryClaim
from attnaudit.errors import UsageError
from attnaudit.reports.show import print_document
from attnaudit.reports.show_values import read_stored_document
from attnaudit.reports.show_words import FOUND, shaded_words


@pytest.fixture
def entry(make_run, stored):
    [entry] = make_run().models
    return entry.model_copy(update={"measurements": {"adversary 0.05": stored.values_key}})


@pytest.fixture
def text_of(stored, entry):
    """What is printed of a document, on a console of a kind."""

    def show(document, claims=(), rows=(), *, width=80, **options):
        measured = dict.fromkeys(claims, stored.values_key)
        found = read_stored_document(stored.directory, entry, document, measured)
        stream = io.StringIO()
        print_document(found, rows, Console(file=stream, width=width, **options))
        return stream.getvalue()

    return show


COLOURED = {"force_terminal": True, "color_system": "truecolor", "no_color": False}


def test_both_outputs_stand_side_by_side_most_probable_first(text_of, stored, make_document):
    stored.add(make_document("d1", 0.5))
    stored.finish()
    lines = [line.split() for line in text_of("d1").splitlines()]
    assert ["output", "model", "adversarial"] in lines
    assert lines.index(["hockey", "0.800", "0.750"]) < lines.index(["baseball", "0.200", "0.250"])


def test_without_colour_weights_stand_behind_words(text_of, stored, make_document):
    stored.add(make_document("d1", 0.5))
    stored.finish()
    text = text_of("d1")
    assert "the(10%) film(20%) was(10%) great(60%)" in text
    assert "the(90%) film was(10%) great\n" in text
    assert "\x1b" not in text


def test_with_colour_words_are_shaded_by_both_attentions(text_of, stored, make_document):
    stored.add(make_document("d1", 0.5))
    stored.finish()
    text = text_of("d1", **COLOURED)
    assert "\x1b[38;2;0;0;0;48;2;255;" in text
    assert "great(60%)" in text


def test_a_terminal_that_wants_no_colour_gets_none(text_of, stored, make_document, monkeypatch):
    stored.add(make_document("d1", 0.5))
    stored.finish()
    monkeypatch.setenv("NO_COLOR", "1")
    text = text_of("d1", force_terminal=True, color_system="truecolor")
    assert "48;2" not in text
    assert "film(20%)" in text


def test_a_wide_terminal_has_both_attentions_on_one_line(text_of, stored, make_document):
    stored.add(make_document("d1", 0.5))
    stored.finish()
    both = [line for line in text_of("d1", width=120).splitlines() if "great(60%)" in line]
    assert len(both) == 1
    assert "the(90%)" in both[0]


def test_shades_grow_with_weight_and_words_can_be_read_on_any_ground():
    text = shaded_words(["a", "b", "c"], [0.0, 0.2, 0.8], colour=FOUND)
    reds = [span.style.bgcolor.triplet.red for span in text.spans]
    assert len(reds) == 2
    assert reds[0] > reds[1]
    assert {span.style.color.triplet for span in text.spans} == {(0, 0, 0)}


def test_words_cannot_move_the_cursor_or_fill_the_screen(text_of, stored, make_document):
    tokens = ("\x1b[2J", "x" * 10_000, "[red]bold[/red]", ":smile:")
    stored.add(make_document("d1", 0.5, tokens=tokens))
    stored.finish()
    text = text_of("d1")
    assert "\x1b" not in text
    assert "x" * 41 not in text
    assert "[red]bold[/red]" in text
    assert ":smile:" in text


def test_words_that_were_not_stored_are_positions(text_of, stored, make_document):
    stored.add(make_document("d1", 0.5, tokens=None))
    stored.finish()
    assert "[3](60%)" in text_of("d1")


def test_the_documents_value_stands_beside_what_holds_of_all(
    text_of, stored, make_document, make_claim, make_row
):
    stored.add(make_document("d1", 0.5), make_document("d2", 0.1))
    stored.finish()
    claim = make_claim(AdversaryClaim, id="far", quantity="divergence", at_least=0.4)
    row = make_row(id="far", statement="s", audit="adversary", quantity="divergence", at_least=0.4)
    text = " ".join(text_of("d1", [claim], [row], width=200).split())
    assert "far 0.500 - for it; claimed mean divergence >= 0.4; all documents 0.012, ref" in text
    assert "far 0.100 - against it; claimed" in " ".join(text_of("d2", [claim]).split())


def test_a_value_stands_beside_its_null(text_of, stored, make_document, make_claim):
    document = make_document("d1", 0.5)
    null = replace(document["values"][1], quantity="divergence-null", value=0.25, upper=0.25)
    stored.add(document | {"values": [*document["values"], null]})
    stored.finish()
    claim = make_claim(AdversaryClaim, quantity="divergence", at_least=0.4)
    assert claim.null_quantity == null.quantity
    assert "a-claim 0.500 0.250 for it" in " ".join(text_of("d1", [claim]).split())


def test_a_document_of_another_name_is_refused_with_near_ones(text_of, stored, make_document):
    stored.add(make_document("sports-12", 0.5), make_document("other", 0.5))
    stored.finish()
    with pytest.raises(UsageError, match="nearest names are sports-12"):
        text_of("sports-1")


def test_a_document_that_was_left_out_is_refused_with_the_reason(text_of, stored, make_document):
    left_out = replace(make_document("d1", 0.5)["document"], skipped="no words")
    stored.add({"document": left_out, "values": []})
    stored.finish()
    with pytest.raises(UsageError, match="'d1' was left out: no words"):
        text_of("d1")


def test_where_nothing_else_was_found_it_says_so(text_of, stored, make_document):
    stored.add(make_document("d1", 0.0))
    stored.finish()
    text = text_of("d1")
    assert "no other attention is stored" in text
    assert "adversarial" not in text


@pytest.mark.parametrize(
    ("kept", "missing_and_places"),
    [
        ({}, ("its end", "special tokens")),
        (
            {"text2": "why"},
            ("the end of it or of its second text", "special tokens and its second text"),
        ),
        # What is not stored may have been there.
        (
            {"tokens": None},
            (
                "the end of it or of a second text, if it has one,",
                "special tokens and a second text, if it has one,",
            ),
        ),
    ],
    ids=["one text", "two texts", "no text stored"],
)
def test_it_says_what_was_not_read_and_what_special_tokens_hold(
    text_of, stored, make_document, kept, missing_and_places
):
    missing, places = missing_and_places
    read = {"truncated": True, "special_mass": 0.25} | kept
    stored.add(make_document("d1", 0.5, **read), make_document("d2", 0.5, special_mass=0.0))
    stored.finish()
    lines = text_of("d1", width=200).splitlines()
    assert lines[1:3] == [
        f"it could not be read whole, as the longest input holds no more: {missing} is missing",
        f"{places} hold 25.0% of the attention; the words share the rest",
    ]
    assert lines[0].startswith("document d1,")
    assert "whole" not in text_of("d2")
    assert "special" not in text_of("d2")


def test_a_document_of_a_run_that_did_not_say_how_it_was_read_is_shown(
    text_of, stored, make_document
):
    stored.add(make_document("d1", 0.5))
    [path] = stored.documents.folder.glob("*.parquet")
    pq.write_table(pq.read_table(path).drop_columns(["truncated", "special_mass"]), path)
    stored.finish()
    text = text_of("d1")
    assert "film(20%)" in text
    assert "whole" not in text
