import base64
import hashlib
import re

import pytest

from attnaudit.records import Bound, Outcome
from attnaudit.reports.html import render_page


def test_the_verdict_table_comes_first_with_the_worst_claim_on_top(page_of, numbered, elements):
    page = elements(page_of(*numbered(5)))
    rows = [one["text"] for one in page.every("tr")]
    claims = [re.search(r"(order-matters|special|agrees|no-other)", row) for row in rows]
    assert [found.group() for found in claims if found] == [
        "order-matters",
        "special",
        "agrees",
        "no-other",
    ]
    [heading, *_] = page.every("h2")
    assert heading["text"] == "Verdicts"
    # The group of order-matters stands below it.
    assert "predicted=positive" in rows[2]
    assert "mean tvd >= 0.1" in rows[1]
    assert "[0.010, 0.020]" in rows[1]
    assert "refuted (advisory)" in rows[3]


def test_a_strip_says_in_words_what_it_shows(page_of, numbered, elements):
    strips = elements(page_of(*numbered(5))).every("svg", class_="strip")
    assert len(strips) == 5
    assert strips[0]["attributes"]["aria-label"] == (
        "decision interval [0.010, 0.020], estimate 0.012, claimed mean tvd >= 0.1"
    )


def test_documents_stand_in_the_order_in_which_they_speak_against_the_claim(
    page_of, numbered, elements
):
    page = elements(page_of(*numbered(5)))
    shown = [
        re.match(r"\s*(d\d\d)\s+(\S+)", one["text"]).groups()
        for one in page.every("article", class_="document")
    ]
    order = {
        quantity: [name for name, other in shown if other == quantity]
        for quantity in dict.fromkeys(name for _, name in shown)
    }
    ascending = ["d00", "d01", "d02", "d03", "d04"]
    assert order == {
        "tvd": ascending,
        "tau": ascending,
        "share-of-free-maximum": ascending[::-1],
        "logit-share-above-null": ascending,  # all equal: the order of the documents
    }


def test_words_are_shaded_by_the_models_attention_and_by_the_one_found(page_of, elements):
    page = elements(page_of({"name": "only", "divergence": 0.4}))
    card = page.every("article", class_="document")[0]["text"]
    assert re.search(r"word0\s0\.97\s+word1\s0\.01\s+word2\s0\.01\s+word3", card)
    assert re.search(r"word0 word1 word2\s+word3\s1\.00\s", card)
    assert "the farthest attention with the same output, 0.400 nats away" in card
    assert "positive: 0.800, negative: 0.200" in card
    assert "positive: 0.760, negative: 0.240" in card


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Bound.INTERVAL, "0.400 nats away; none is farther than 0.500"),
        (Bound.LOWER, "that a search found, 0.400 nats away"),
    ],
)
def test_a_bound_is_not_called_the_farthest(page_of, kind, words):
    page = page_of({"name": "only", "divergence": 0.4, "upper": 0.5, "kind": kind})
    assert words in page
    assert "the farthest attention with the same output, " not in page


def test_nothing_stands_beside_a_document_whose_attention_has_no_equivalent(page_of):
    assert "nats away" not in page_of({"name": "only", "divergence": 0.0})


def test_a_wrong_prediction_says_what_would_have_been_right(page_of):
    page = page_of({"name": "one", "predicted": "negative"}, {"name": "two", "label": None})
    assert "wrongly: the label is <bdi>positive</bdi>" in page
    assert "rightly" not in page


def test_documents_can_be_filtered_by_class_and_outcome(page_of, numbered, elements):
    page = elements(page_of({"name": "a", "predicted": "negative"}, *numbered(3)))
    cards = page.every("article", class_="document")
    named = {
        one["attributes"]["value"]: one["text"] for one in page.every("option") if one["attributes"]
    }
    said = {re.search(r"predicted (\w+)", card["text"])[1]: card for card in cards}
    assert set(said) == {"negative", "positive"}
    assert all(named[card["attributes"]["data-predicted"]] == name for name, card in said.items())
    assert {card["attributes"]["data-outcomes"] for card in cards} == {
        "refuted",
        "inconclusive",
        "supported",
    }
    assert {card["attributes"]["data-right"] for card in cards} == {"yes", "no"}
    every = {"any class", "right or wrong", "any outcome"}
    outcomes = {"refuted", "inconclusive", "supported"}
    chosen = {"negative", "positive", "right", "wrong", *outcomes}
    assert {one["text"] for one in page.every("option")} == every | chosen


def test_without_labels_documents_are_not_told_right_from_wrong(page_of, elements):
    page = elements(page_of({"name": "a", "label": None}))
    assert "data-right" not in page.every("article")[0]["attributes"]
    assert {one["attributes"]["name"] for one in page.every("select")} == {"predicted", "outcome"}


def test_every_claim_leads_to_the_section_with_its_evidence(page_of, numbered, elements):
    page = elements(page_of(*numbered(3)))
    titles = {one["attributes"].get("id"): one["text"] for one in page.every("h3")}
    rows = [row["text"] for row in page.every("tr") if "order-matters" in row["text"]]
    links = [one["attributes"]["href"].removeprefix("#") for one in page.every("a")]
    assert len(rows) == 1
    assert len(links) == 4
    assert titles[links[0]].startswith("permutation:")
    assert set(links) <= set(titles)


def test_the_page_begins_with_how_many_claims_had_which_outcome(page_of, numbered, elements):
    [first, *_] = elements(page_of(*numbered(3))).every("p")
    assert "2 refuted, 1 inconclusive, 1 supported." in first["text"]


def test_an_error_is_not_counted_as_judged(whole_run, make_row, elements):
    whole_run.add({"name": "a"})
    whole_run.claims = [make_row(), make_row(id="broken", outcome=Outcome.ERROR, error="crashed")]
    page = render_page(whole_run.finish(), whole_run.directory)
    [first, *_] = elements(page).every("p")
    assert "1 claim was judged and 1 ended in an error, of 4 planned: 1 refuted." in first["text"]


def test_without_script_all_documents_are_there_and_the_form_is_not(page_of, numbered, elements):
    page = elements(page_of(*numbered(3)))
    assert [one["attributes"].get("hidden", "no") for one in page.every("form")] == [None]
    assert all("hidden" not in one["attributes"] for one in page.every("article"))


def test_the_page_asks_for_nothing_and_allows_one_script(page_of, numbered, elements):
    text = page_of(*numbered(3))
    page = elements(text)
    asking = {"src", "href", "xlink:href", "action", "srcset", "data"}
    asked = [
        value
        for one in page.found
        for name, value in one["attributes"].items()
        if name in asking and not value.startswith("#")
    ]
    assert asked == []
    assert not re.search(r"url\((?!#)|@import|https?:", text)
    [script] = page.every("script")
    digest = base64.b64encode(hashlib.sha256(script["text"].encode()).digest()).decode()
    policy = page.every("meta")[1]["attributes"]["content"]
    assert policy.startswith("default-src 'none';")
    assert f"script-src 'sha256-{digest}';" in policy


def test_words_that_were_not_stored_are_shown_by_their_positions(page_of):
    page = page_of({"name": "only", "tokens": None})
    assert "words were not stored" in page
    assert "[0]" in page


def test_the_same_run_gives_the_same_bytes(whole_run, numbered):
    whole_run.add(*numbered(7))
    run = whole_run.finish()
    first = render_page(run, whole_run.directory)
    assert render_page(run, whole_run.directory) == first


def test_no_two_elements_share_an_id(page_of, numbered, elements):
    page = elements(page_of(*numbered(5)))
    ids = [one["attributes"]["id"] for one in page.found if "id" in one["attributes"]]
    assert len(set(ids)) == len(ids)


def test_documents_are_matched_over_several_parts_and_left_out_ones(whole_run, elements):
    whole_run.add({"name": "a", "tau": 0.9}, {"name": "empty", "skipped": "no tokens"})
    whole_run.add({"name": "b", "tau": 0.1, "tokens": ("this", "is", "document", "b")})
    whole_run.claims = whole_run.claims[:1]
    page = elements(render_page(whole_run.finish(), whole_run.directory))
    first, second = (one["text"] for one in page.every("article"))
    assert first.split()[:3] == ["b", "tau", "0.100"]
    assert "this" in first
    assert second.split()[:3] == ["a", "tau", "0.900"]
    assert "word0" in second


def test_a_page_grows_no_further_with_the_number_and_length_of_documents(whole_run):
    for part in range(3):
        whole_run.add(
            *({"name": f"{part}-{number}", "length": 400, "tau": number / 200,
               "tokens": tuple(['"<&>"' * 10] * 400)} for number in range(100))
        )  # fmt: skip
    page = render_page(whole_run.finish(), whole_run.directory)
    assert len(page.encode()) < 2e6
    assert page.count("<article") == 4 * 20


def test_an_error_is_reported_without_pictures_or_documents(whole_run, make_row):
    whole_run.add({"name": "a"})
    error = {"outcome": Outcome.ERROR, "error": "the model <does> not load", "site": "default"}
    nothing = {"estimate": None, "low": None, "high": None, "kind": None}
    whole_run.claims = [make_row(**error, **nothing)]
    page = render_page(whole_run.finish(), whole_run.directory)
    assert "the model &lt;does&gt; not load" in page
    assert "<article" not in page
    assert "<figure" not in page


def test_a_quantity_without_any_value_says_so(page_of):
    page = page_of({"name": "a", "undefined": "one token"})
    assert "No document has a value." in page
    assert "<article" not in page


def test_a_document_of_constant_attention_says_that_it_counts_against_the_claim(page_of, elements):
    page = elements(
        page_of({"name": "a", "tau": 0.1}, {"name": "b", "undefined": "constant attention"})
    )
    first, second = (one["text"] for one in page.every("article") if "tau" in one["text"])
    assert "tau undefined by constant attention, which counts against a claim" in first
    assert first.split()[0] == "b"
    assert "counts against" not in second


def test_without_an_adversary_documents_show_the_models_attention_alone(whole_run, elements):
    del whole_run.keys["adversary"]
    whole_run.add({"name": "a"})
    page = render_page(whole_run.finish(), whole_run.directory)
    assert "nats away" not in page
    assert len(elements(page).every("p", class_="words")) == 3


def test_a_quantity_that_was_not_measured_has_no_documents(whole_run, make_row):
    whole_run.add({"name": "a"})
    whole_run.claims = [make_row(quantity="unheard-of")]
    page = render_page(whole_run.finish(), whole_run.directory)
    assert "No document has a value." in page
    assert "<article" not in page


def test_the_null_of_a_claim_stands_beside_what_was_measured(whole_run, make_row, elements):
    whole_run.add({"name": "a"})
    whole_run.claims = [make_row(null=0.015), make_row(group="label=a")]
    page = elements(render_page(whole_run.finish(), whole_run.directory))
    with_null, without = (row["text"] for row in page.every("tr")[1:3])
    assert "null 0.015" in with_null
    assert "null" not in without
    strips = page.every("svg", class_="strip")
    assert strips[0]["attributes"]["aria-label"].endswith("null 0.015")
    assert len(page.every("path", class_="null")) == 1


def test_customary_intervals_are_shown_as_deciding_nothing(whole_run, make_row):
    whole_run.add({"name": "a"})
    whole_run.claims = [make_row(unadjusted=(0.1, 0.2), bca=None)]
    page = render_page(whole_run.finish(), whole_run.directory)
    assert "they decide nothing" in page
    assert "overall: for this claim alone [0.100, 0.200], by bootstrap -" in page


def test_what_a_reader_has_to_know_besides_is_said_and_harmless(whole_run, elements):
    whole_run.add({"name": "a"}, {"name": "b"})
    run = whole_run.finish(name="<i>news</i>")
    entry = run.models[0]
    known = entry.documents.model_copy(update={"trained_on": 1, "planned": 2})
    entry = entry.model_copy(update={"documents": known})
    text = render_page(run.model_copy(update={"models": (entry,)}), whole_run.directory)
    [note] = elements(text).every("p", class_="note")
    assert note["text"].startswith("warning: <i>news</i> was trained on 1 of the 2 documents")
