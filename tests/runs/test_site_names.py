import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.errors import UsageError
from attnaudit.models.aggregated import AGGREGATED
from attnaudit.runs.site_names import known_sites, planned_sites

KNOWN = {
    name: True
    for layer in range(3)
    for name in (f"layer.{layer}", *(f"layer.{layer}.head.{head}" for head in range(2)))
}


def planned(*named, known=KNOWN):
    return planned_sites(named, known, model="news")


def test_a_pattern_of_layers_and_heads_stands_for_every_head_and_no_whole_layer():
    assert planned("layer.*.head.*") == tuple(name for name in KNOWN if ".head." in name)
    assert planned("layer.*") == ("layer.0", "layer.1", "layer.2")


def test_one_number_may_be_given_and_the_other_left_open():
    assert planned("layer.1.head.*") == ("layer.1.head.0", "layer.1.head.1")
    assert planned("layer.*.head.1") == ("layer.0.head.1", "layer.1.head.1", "layer.2.head.1")


def test_a_star_stands_for_a_number_only():
    known = KNOWN | {"layer.last": True, "layer.0.every": True, "layer.1.every": True}
    assert planned("layer.*", known=known) == ("layer.0", "layer.1", "layer.2")
    assert planned("layer.*.every", known=known) == ("layer.0.every", "layer.1.every")


def test_a_dot_of_a_pattern_is_a_dot():
    assert planned("layer.*", known={"layerx7": True, "layer.3": True}) == ("layer.3",)


def test_no_name_stands_for_the_first_site_of_the_model():
    assert planned() == (None,)


def test_a_name_without_a_star_is_taken_as_it_is_though_nothing_is_known():
    assert planned("layer.last", "anything", known={}) == ("layer.last", "anything")


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.sampled_from(["layer.*", "layer.*.head.*", "layer.1.head.*", "layer.1.head.0", "a"]),
        min_size=1,
        max_size=6,
    )
)
def test_each_site_is_named_once_in_the_order_of_its_first_mention(named):
    # Slowly: every site of every name, matched by its own rule, kept if it was not there yet.
    seen = []
    for name in named:
        rule = name.replace(".", "[.]").replace("*", r"\d+")
        for site in [one for one in KNOWN if re.fullmatch(rule, one)] or [name]:
            if site not in seen:
                seen.append(site)
    assert list(planned(*named)) == seen


@pytest.mark.parametrize("pattern", ["layer.7.head.*", "layer.*.head.5", "head.*", "*"])
def test_a_pattern_without_a_match_is_refused_with_the_range_of_names(pattern):
    with pytest.raises(UsageError, match=r"layer\.0 to layer\.2\.head\.1") as refused:
        planned(pattern)
    assert pattern in str(refused.value)
    assert "news" in str(refused.value)


def test_a_pattern_where_sites_cannot_be_counted_says_to_name_them_one_by_one():
    message = "cannot be counted before it is opened.*name its sites one by one"
    with pytest.raises(UsageError, match=message):
        planned("layer.*", known={})


def test_sites_without_numbers_are_listed():
    with pytest.raises(UsageError, match=r"known sites of news \(words, rollout, flow\)"):
        planned("layer.*", known=dict.fromkeys(("words", "rollout", "flow"), True))


@pytest.mark.parametrize("pattern", ["lay*", "layer.1*", "layer.**"])
def test_a_star_beside_other_characters_is_refused(pattern):
    with pytest.raises(UsageError, match="a star beside other characters"):
        planned(pattern)


def test_only_a_directory_of_the_transformers_library_is_known_before_it_is_opened(tmp_path):
    fields = {"model_type": "bert", "num_hidden_layers": 1, "num_attention_heads": 1}
    (tmp_path / "config.json").write_text(json.dumps(fields))
    known = known_sites(str(tmp_path))
    assert {name for name, replaceable in known.items() if not replaceable} == set(AGGREGATED)
    assert known["layer.0.head.0"]
    (tmp_path / "config.json").write_text(json.dumps(fields | {"format": "attnaudit-classifier"}))
    assert known_sites(str(tmp_path)) == {}
    assert known_sites("mine:make") == {}
