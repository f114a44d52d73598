import re

from attnaudit.records import Outcome
from attnaudit.reports.heat_map import heat_maps
from attnaudit.reports.heat_map_lines import heat_map_lines, heat_map_markdown


def rows(make_row):
    return [
        make_row(site="layer.0.head.0", estimate=0.0123),
        make_row(site="layer.0.head.1", estimate=0.2, outcome=Outcome.SUPPORTED),
        make_row(site="layer.1.head.1", estimate=None, outcome=Outcome.INCONCLUSIVE),
        make_row(site="layer.1", outcome=Outcome.ERROR, estimate=None),
    ]


def test_every_cell_has_its_number_and_its_verdict_and_letters_are_explained(make_row):
    [found] = heat_maps(rows(make_row))
    title, heading, *layers, legend = heat_map_lines(found)
    assert title == "order-matters of news: claimed mean tvd >= 0.1"
    assert re.split(r" {2,}", heading) == ["layer", "whole", "head 0", "head 1"]
    assert [re.split(r" {2,}", line) for line in layers] == [
        ["0", "-", "0.012 r", "0.200 s"],
        ["1", "!", "-", "undefined ?"],
    ]
    assert legend == "s supported, r refuted, ? inconclusive, ! error, - not audited"


def test_only_what_occurs_is_explained(make_row):
    [found] = heat_maps([make_row(site=f"layer.0.head.{head}") for head in range(2)])
    assert heat_map_lines(found)[-1] == "r refuted"


def test_markdown_has_the_same_cells(make_row):
    [found] = heat_maps(rows(make_row))
    lines = list(heat_map_markdown(found))
    table = [line.strip("| ").split(" | ") for line in lines if line.startswith("|")]
    assert table[0] == ["layer", "whole", "head 0", "head 1"]
    assert table[2:] == [["0", "-", "0.012 r", "0.200 s"], ["1", "!", "-", "undefined ?"]]


def test_names_from_elsewhere_are_harmless(make_row):
    hostile = "\x1b[31m|<b>news</b>"
    [found] = heat_maps([make_row(site=f"layer.0.head.{n}", model=hostile) for n in range(2)])
    assert "\x1b" not in "\n".join(heat_map_lines(found))
    markdown = "\n".join(heat_map_markdown(found))
    assert "<b>" not in markdown
    assert "\x1b" not in markdown


def test_a_map_in_which_every_position_asks_says_so(make_row):
    [found] = heat_maps([make_row(site=f"layer.0.head.{n}.every") for n in range(2)])
    assert "every position asking" in heat_map_lines(found)[0]


def by_group(make_row, name="label=good"):
    """Two heads that all documents together would support, and one group refutes at the second."""
    whole = {"estimate": 0.62, "low": 0.5, "high": 0.7}
    return [
        make_row(site="layer.0.head.0", outcome=Outcome.SUPPORTED, **whole),
        make_row(site="layer.0.head.1", **whole),
        make_row(site="layer.0.head.1", group=name),
    ]


def test_a_group_that_decided_alone_is_named_with_the_head(make_row):
    [found] = heat_maps(by_group(make_row))
    lines = heat_map_lines(found)
    assert re.split(r" {2,}", lines[2]) == ["0", "0.620 s", "0.620 r*"]
    assert lines[-1] == "* refuted by label=good alone: layer.0.head.1"
    markdown = "\n".join(heat_map_markdown(found))
    assert "| 0.620 s | 0.620 r* |" in markdown
    assert "refuted by label=good alone" in markdown


def test_a_name_of_a_group_is_harmless(make_row):
    [found] = heat_maps(by_group(make_row, name="label=\x1b[31m<b>"))
    assert "\x1b" not in "\n".join(heat_map_lines(found))
    assert "<b>" not in "\n".join(heat_map_markdown(found))
