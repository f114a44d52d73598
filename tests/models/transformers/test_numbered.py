import json
import re

import pytest

from attnaudit.models.transformers.numbered import MOST_HEADS, numbered_sites

from .conftest import SUPPORTED

NUMBERED = re.compile(r"layer\.[0-9]+(\.head\.[0-9]+)?(\.every)?")


def saved(tmp_path, **fields):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"} | fields))
    return tmp_path


@pytest.mark.parametrize("family", SUPPORTED)
def test_the_file_of_each_family_names_the_sites_that_its_network_has(family, make_directory, load):
    told = numbered_sites(make_directory(family))
    has = [site.name for site in load(family).sites if NUMBERED.fullmatch(site.name)]
    plain = [name for name in told if not name.endswith(".every")]
    assert plain == [name for name in has if not name.endswith(".every")]
    assert set(has) <= set(told)


def test_layers_and_heads_are_counted_from_zero(tmp_path):
    named = numbered_sites(saved(tmp_path, n_layer=2, n_head=1))
    assert named[:4] == ("layer.0", "layer.0.every", "layer.0.head.0", "layer.0.head.0.every")
    assert len(named) == 8


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"num_hidden_layers": 10**9},
        {"num_hidden_layers": 2, "num_attention_heads": [2, 3]},
        {"num_hidden_layers": True, "num_attention_heads": 2},
        {"num_hidden_layers": -2, "num_attention_heads": -2},
        {"num_hidden_layers": 2, "num_attention_heads": 2, "inner_group_num": 2},
        {"num_hidden_layers": 10**9, "num_attention_heads": 1},
        {"num_hidden_layers": 2, "num_attention_heads": MOST_HEADS},
    ],
)
def test_a_file_that_does_not_tell_or_tells_nonsense_names_no_site(tmp_path, fields):
    assert numbered_sites(saved(tmp_path, **fields)) == ()
