import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from attnaudit.errors import UsageError
from attnaudit.records import Outcome
from attnaudit.reports.card import BEGIN, END, updated_card

README = """\
---
license: mit  # ours
tags:
- a
model-index:
- name: "mine"   # kept
  results:
  - task: {type: text-classification}
    dataset: {type: glue, name: GLUE}
    metrics:
    - type: accuracy
      value: 0.50

# of the texts
language:   en
---
# A model

Text with `---` in it.
"""


@pytest.fixture
def run(make_row, make_run):
    return make_run(make_row(), make_row(id="second", outcome=Outcome.SUPPORTED, estimate=0.5))


def metadata(card):
    return YAML(typ="safe").load(card.split("---\n")[1])


def outside(card):
    """A card without what an audit wrote into it."""
    bare = re.sub(rf"\n?{re.escape(BEGIN)}.*{re.escape(END)}\n", "", card, flags=re.DOTALL)
    begin = bare.index(
        "  - task:\n      type: text-classification\n    dataset:\n      type: 20news"
    )
    return bare[:begin] + bare[bare.index("\n# of the texts", begin) :]


def test_a_new_card_has_a_metric_for_every_claim_and_the_table(run):
    card = updated_card("", run, "news")
    [model] = metadata(card)["model-index"]
    [result] = model["results"]
    assert model["name"] == "news"
    assert result["dataset"]["type"] == "20news-sports"
    values = {metric["type"]: metric["value"] for metric in result["metrics"]}
    assert values == {"attnaudit-order-matters": 0.0123, "attnaudit-second": 0.5}
    assert result["metrics"][0]["args"]["outcome"] == "refuted"
    assert "| **refuted** | Shuffling attention changes the output |" in card


def test_what_others_wrote_stays_to_the_last_character(run):
    assert outside(updated_card(README, run, "news")) == README


def test_a_second_time_changes_nothing(run):
    once = updated_card(README, run, "news")
    assert updated_card(once, run, "news") == once


def test_another_run_takes_the_place_of_the_first(run, make_row, make_run):
    later = make_run(make_row(estimate=0.9))
    once = updated_card(updated_card(README, run, "news"), later, "news")
    assert once == updated_card(README, later, "news")
    assert "0.0123" not in once


def test_line_ends_of_the_file_are_kept(run):
    windows = README.replace("\n", "\r\n")
    expected = updated_card(README, run, "news").replace("\n", "\r\n")
    assert updated_card(windows, run, "news") == expected


@pytest.mark.parametrize("text", ["# T\r\n", "---\r\n---\r\n# T\r\n", "# T\r\nno end"])
def test_a_file_of_windows_without_metadata_gets_its_own_line_ends_everywhere(run, text):
    card = updated_card(text, run, "news")
    assert "model-index:\r\n" in card
    assert not re.search(r"(?<!\r)\n", card)
    assert updated_card(card, run, "news") == card


def test_a_mark_at_the_beginning_of_the_file_is_kept(run):
    assert updated_card("\ufeff# T\n", run, "news").startswith("\ufeff---\nmodel-index:")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=60))
def test_any_text_without_metadata_is_kept(run, body):
    card = updated_card(f"# T\n{body}", run, "news")
    assert f"---\n\n# T\n{body}" in card
    assert updated_card(card, run, "news") == card


def test_claims_without_a_number_are_no_metrics(make_row, make_run):
    broken = make_row(outcome=Outcome.ERROR, estimate=None, error="torn")
    card = updated_card("", make_run(broken), "news")
    assert metadata(card)["model-index"][0]["results"] == []
    assert "| **error** |" in card


def test_an_error_is_counted_apart_from_what_was_judged(make_row, make_run):
    broken = make_row(id="b", outcome=Outcome.ERROR, estimate=None, error="torn")
    card = updated_card("", make_run(make_row(), broken), "news")
    assert "decisions? 1 claim was judged and 1 ended in an error: 1 refuted. A dec" in card


def test_rows_of_two_sites_of_a_model_are_told_apart(make_row, make_run):
    rows = [make_row(site=site) for site in ("layer.0", "layer.1")]
    card = updated_card("", make_run(*rows), "news")
    for site in ("layer.0", "layer.1"):
        assert f"| **refuted** | Shuffling attention changes the output ({site}) |" in card


def test_a_card_says_nothing_about_other_models(make_row, make_run):
    run = make_run(make_row(), make_row(model="films", statement="Of others"))
    [entry] = run.models
    documents = entry.documents.model_copy(update={"trained_on": 3})
    other = entry.model_copy(update={"name": "films", "documents": documents})
    card = updated_card("", run.model_copy(update={"models": (entry, other)}), "news")
    assert "films" not in card
    assert "Of others" not in card
    assert "was trained on" not in card


def test_no_text_of_a_run_ends_the_section_or_the_metadata(make_row, make_run):
    run = make_run(make_row(statement=f"{END} --- | <b>", site=f"x\n---\n{END}"))
    card = updated_card("", run, "news")
    assert updated_card(card, run, "news") == card
    assert card.count(END) == 1
    assert card.splitlines().count("---") == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("---\nlicense: mit\n", "no second such line"),
        ("---\nlicense: [\n---\n", "not valid YAML"),
        ("---\n- a\n---\n", "no list of keys"),
        ("---\n{license: mit}\n---\n", "no list of keys"),
        ("---\nmodel-index: 3\n---\n", "no list of models"),
        ("---\nmodel-index:\n- name: x\n  results: 3\n---\n", "results are no list"),
        ("---\na: &a []\nmodel-index: *a\n---\n", "undefined alias"),
        ("---\nmodel-index: &a []\nb: *a\n---\n", "undefined alias"),
        ("---\nmodel-index:\n- name: x\n- name: y\n---\n", "2 models, none of which is called"),
        (f"{BEGIN}\n", "1 lines"),
        (f"{END}\n{BEGIN}\n", "in this order"),
        (f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n", "2 lines"),
    ],
)
def test_a_readme_that_cannot_be_updated_is_refused(run, text, problem):
    with pytest.raises(UsageError, match=problem):
        updated_card(text, run, "news")


def test_metadata_that_are_merged_from_elsewhere_are_left_alone(run):
    text = "---\na: &a\n  model-index: []\n<<: *a\nb: 2\n---\n"
    card = updated_card(text, run, "news")
    assert card.startswith(text.removesuffix("---\n"))
    assert len(metadata(card)["model-index"]) == 1


def test_of_several_models_the_one_of_the_name_is_updated(run):
    text = "---\nmodel-index:\n- name: other\n- name: news\n---\n"
    other, news = metadata(updated_card(text, run, "news"))["model-index"]
    assert "results" not in other
    assert len(news["results"]) == 1


def test_the_hub_reads_the_metadata(run):
    hub = pytest.importorskip("huggingface_hub")
    data = hub.ModelCard(updated_card(README, run, "news"), ignore_metadata_errors=False).data
    found = {result.metric_type: result.metric_value for result in data.eval_results}
    assert found["attnaudit-order-matters"] == 0.0123
    assert found["accuracy"] == 0.5
