import pytest

from attnaudit.records import Outcome
from attnaudit.reports.heat_map import heat_maps


def test_heads_are_laid_out_by_layer_and_head(swept):
    [found] = heat_maps(swept("layer.1.head.0", "layer.0.head.10", "layer.0.head.2"))
    assert found.layers == (0, 1)
    assert found.columns == (0, 2, 10)
    assert found.at(1, 0).site == "layer.1.head.0"
    assert found.at(0, 10).site == "layer.0.head.10"
    assert found.at(1, 2) is None


def test_whole_layers_are_a_column_before_the_heads_and_make_no_map_alone(swept):
    heads = ["layer.0.head.0", "layer.0.head.1"]
    [found] = heat_maps(swept("layer.3", *heads))
    assert found.columns == (None, 0, 1)
    assert found.layers == (0, 3)
    assert found.at(3, None).site == "layer.3"
    assert heat_maps(swept("layer.3", "layer.2", "layer.0.head.0")) == ()


@pytest.mark.parametrize(
    "site", ["layer.last", "layers", "layer.-1.head.0", "layer.1.head.x", "xlayer.1.head.2", "²"]
)
def test_other_sites_are_no_part_of_a_map(swept, site):
    [found] = heat_maps(swept("layer.0.head.0", "layer.0.head.1", site))
    assert len(found.rows) == 2


def test_each_claim_about_each_model_has_its_own_map_and_every_query_another(swept):
    sites = ["layer.0.head.0", "layer.0.head.1"]
    rows = [
        *swept(*sites),
        *swept(*sites, model="films"),
        *swept(*sites, id="other"),
        *swept(*(f"{site}.every" for site in sites)),
    ]
    keys = [(one.claim.model, one.claim.id, one.every) for one in heat_maps(rows)]
    assert keys == [
        ("news", "order-matters", False),
        ("films", "order-matters", False),
        ("news", "other", False),
        ("news", "order-matters", True),
    ]


def test_groups_that_decided_alone_are_known_by_site_and_others_are_not(swept):
    sites = ["layer.0.head.0", "layer.0.head.1"]
    passing = {"estimate": 0.6, "low": 0.5, "high": 0.7}
    rows = [
        *swept(sites[0], **passing),
        *swept(sites[1]),
        *swept(*sites, group="label=bad"),
        *swept(*sites, group="label=good", outcome=Outcome.SUPPORTED, **passing),
        *swept(*sites, group="label=odd", model="films"),
    ]
    [found] = heat_maps(rows)
    assert found.groups == {sites[0]: ("label=bad",)}


def test_a_group_of_documents_is_no_cell(swept):
    rows = swept("layer.0.head.0", "layer.0.head.1")
    group = rows[0].model_copy(update={"group": "label=good", "site": "layer.5.head.5"})
    assert heat_maps([*rows, group]) == heat_maps(rows)
