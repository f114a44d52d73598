"""Which attention sites a network has."""

import re
from dataclasses import replace

import pytest

from attnaudit.errors import PreflightError, UsageError
from attnaudit.models.aggregated import AGGREGATED
from attnaudit.models.transformers.sites import Heads, find_site, heads_by_site, listed, sites_of

from .conftest import SUPPORTED

CAUSAL = {"gpt2", "openai-gpt", "llama", "qwen2"}


def test_every_layer_and_head_has_its_site():
    sites = heads_by_site((2, 3))
    assert list(sites)[:2] == ["layer.last", "layers"]
    assert len(sites) == 2 + 2 + 5
    assert sites["layers"] == Heads(layers=(0, 1), heads=((0, 1), (0, 1, 2)))
    assert sites["layer.last"] == sites["layer.1"] == Heads(layers=(1,), heads=((0, 1, 2),))
    assert sites["layer.1.head.2"] == Heads(layers=(1,), heads=((2,),))


def test_each_of_them_comes_again_about_every_position():
    sites = heads_by_site((2, 3), every=True)
    names = list(heads_by_site((2, 3)))
    assert list(sites) == [*names, *(f"{name}.every" for name in names)]
    assert all(sites[f"{name}.every"] == replace(sites[name], every=True) for name in names)


@pytest.mark.parametrize("family", SUPPORTED)
def test_sites_about_every_position_are_listed_where_all_positions_see_each_other(family, load):
    model = load(family)
    names = {site.name for site in model.sites}
    assert model.anatomy.causal == (family in CAUSAL)
    listed_again = {name for name in names if name.endswith(".every")}
    if family in CAUSAL or model.anatomy.reads == "every":
        assert not listed_again
    else:
        assert len(listed_again) == 2 + 3 + 6


@pytest.mark.parametrize("family", SUPPORTED)
def test_what_is_computed_from_attention_is_listed_last_and_cannot_be_replaced(family, load):
    sites = load(family).sites
    assert sites[0].name == "layer.last"
    assert [site.name for site in sites if not site.replaceable] == list(AGGREGATED)
    assert tuple(site.name for site in sites[-4:]) == AGGREGATED


def test_without_a_projection_there_is_no_norm_based_site(load):
    anatomy = replace(load("bert").anatomy, projection=None)
    names = [site.name for site in listed(sites_of(anatomy))]
    assert names[-3:] == ["rollout", "attention-flow", "gradient-weighted"]
    with pytest.raises(PreflightError, match=r"norm-based cannot be computed .* no linear module"):
        find_site(anatomy, "norm-based")


def test_a_causal_network_says_why_not_all_positions_can_be_asked(load):
    model = load("gpt2")
    with pytest.raises(PreflightError, match=r"layers\.every cannot .* causal.* Choose layers,"):
        find_site(model.anatomy, "layers.every")


def test_where_the_classifier_reads_all_positions_the_site_without_the_ending_is_named(load):
    model = load("modernbert-mean")
    with pytest.raises(PreflightError, match=r"layer\.0\.every is layer\.0 itself"):
        find_site(model.anatomy, "layer.0.every")


def test_an_unknown_site_is_refused_with_the_known_ones(load):
    anatomy = load("bert").anatomy
    wanted = r"no attention site 'layer\.3'.*layer\.2\.head\.1 and below.*rollout, .*norm-based\."
    with pytest.raises(UsageError, match=wanted):
        find_site(anatomy, "layer.3")
    for unknown in ("rollout.every", "layer.0.head.0.every.every"):
        with pytest.raises(UsageError, match=f"no attention site {re.escape(repr(unknown))}"):
            find_site(anatomy, unknown)
