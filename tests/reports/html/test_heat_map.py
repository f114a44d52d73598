import re
from importlib import resources
from xml.etree import ElementTree as ET

import pytest

from attnaudit.records import Outcome
from attnaudit.reports.heat_map import heat_maps
from attnaudit.reports.html import render_page
from attnaudit.reports.html.heat_map import SYMBOLS, draw_heat_map
from attnaudit.reports.html.heat_map_file import heat_map_file

SVG = "{http://www.w3.org/2000/svg}"
SHADE = re.compile(r'style="fill: var\(--series-0\); opacity: ([0-9.]+)"')
OUTCOMES = {Outcome.SUPPORTED, Outcome.REFUTED, Outcome.INCONCLUSIVE}


@pytest.fixture
def cells(make_row):
    """Four heads, one missing, one layer; two estimates are on the claimed side of 0.1."""
    return [
        make_row(site="layer.0.head.0", estimate=0.0125),
        make_row(site="layer.0.head.1", estimate=0.25, outcome=Outcome.SUPPORTED),
        make_row(site="layer.1.head.1", estimate=None, outcome=Outcome.INCONCLUSIVE),
        make_row(site="layer.1", estimate=0.1, outcome=Outcome.INCONCLUSIVE),
    ]


def drawing(rows):
    [found] = heat_maps(rows)
    return draw_heat_map(found, salt="x", title="t")


def texts(svg):
    return [one.strip() for one in re.findall(r">([^<>]+)<", svg) if one.strip()]


def frames(svg):
    return len(re.findall(r'style="fill: none; stroke: currentColor', svg))


def test_the_picture_reads_without_colours(cells):
    said = texts(drawing(cells))
    symbols = {outcome: symbol for outcome, symbol in SYMBOLS.items() if outcome in OUTCOMES}
    numbers = [one for one in said if re.fullmatch(r"-?[0-9]+[.][0-9]+", one)]
    assert sorted(numbers) == ["0.013", "0.100", "0.250"]
    drawn = sorted(one for one in said if one in SYMBOLS.values())
    assert drawn == sorted(symbols[row.outcome] for row in cells)
    assert "mean tvd from 0.013 to 0.250" in said
    assert ", ".join(f"{symbol} {outcome.value}" for outcome, symbol in symbols.items()) in said
    assert {"whole", "layer 0", "layer 1", "head"} <= set(said)


def test_estimates_on_the_claimed_side_are_framed(cells):
    assert frames(drawing(cells)) == 2
    other = [row.model_copy(update={"at_least": None, "at_most": 0.1}) for row in cells]
    assert frames(drawing(other)) == 2
    nowhere = [row.model_copy(update={"at_least": 0.9}) for row in cells]
    assert frames(drawing(nowhere)) == 0


def test_cells_without_an_estimate_have_no_shade(cells):
    legend = 11
    assert len(SHADE.findall(drawing(cells))) == legend + 3
    none = [row.model_copy(update={"estimate": None}) for row in cells]
    assert len(SHADE.findall(drawing(none))) == legend


def test_text_on_the_darkest_cell_can_be_read_in_either_scheme(cells):
    darkest = max(map(float, SHADE.findall(drawing(cells))))
    css = (resources.files("attnaudit.reports.html") / "templates" / "page.css").read_text()
    schemes = [
        dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", part))
        for part in css.split("@media")[:2]
    ]
    assert len(schemes) == 2
    for colours in schemes:
        paper, ink, shade = (channels(colours[one]) for one in ("paper", "ink", "series-0"))
        cell = [
            darkest * one + (1 - darkest) * other for one, other in zip(shade, paper, strict=True)
        ]
        assert contrast(cell, ink) >= 4.5


def channels(colour):
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def contrast(first, second):
    """Of two colours, by WCAG 2.2."""
    bright = sorted(map(luminance, (first, second)))
    return (bright[1] + 0.05) / (bright[0] + 0.05)


def luminance(colour):
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in colour]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_a_file_of_its_own_is_whole_and_the_same_each_time(cells):
    [found] = heat_maps(cells)
    text = heat_map_file(found)
    assert text == heat_map_file(found)
    root = ET.fromstring(text)  # noqa: S314  # written by the line above
    assert root.tag == f"{SVG}svg"
    assert root.get("aria-label") == "order-matters of news: claimed mean tvd >= 0.1"
    assert "--series-0: #" in root.get("style")
    assert not re.search(r'(href|src)="(?!#)', text)


def test_the_page_has_a_map_and_says_the_same_in_a_table(whole_run, cells, elements):
    whole_run.add({"name": "a"})
    whole_run.claims += cells
    page = elements(render_page(whole_run.finish(), whole_run.directory))
    [figure] = page.every("figure", class_="heat-map")
    assert "order-matters of news: claimed mean tvd >= 0.1" in figure["text"]
    [table] = [one for one in page.every("table") if "head 1" in one["text"]]
    columns = "Layer whole head 0 head 1"
    first = "0 - 0.013 [0.010, 0.020] refuted 0.250 [0.010, 0.020] supported"
    second = "1 0.100 [0.010, 0.020] inconclusive - undefined [0.010, 0.020] inconclusive"
    for expected in (columns, first, second):
        assert squeezed(expected) in squeezed(table["text"])


def test_a_group_that_decided_alone_is_marked_in_the_map_and_named_in_the_table(
    whole_run, make_row, elements
):
    whole_run.add({"name": "a"})
    whole = {"estimate": 0.62, "low": 0.5, "high": 0.7}
    groups = {"label=<b>": Outcome.REFUTED, "label=odd": Outcome.REFUTED, "c": Outcome.SUPPORTED}
    rows = [make_row(site=f"layer.0.head.{head}", **whole) for head in range(8)]
    rows += [make_row(site="layer.0.head.1", group=one, outcome=groups[one]) for one in groups]
    whole_run.claims += rows
    page = elements(render_page(whole_run.finish(), whole_run.directory))
    [table] = [one for one in page.every("table") if "head 7" in one["text"]]
    named = "0.620 [0.500, 0.700] refuted by label=<b> and label=odd alone"
    assert squeezed(table["text"]).count(squeezed(named)) == 1
    assert squeezed(table["text"]).count("alone") == 1
    said = texts(drawing(rows))
    assert said.count(f"{SYMBOLS[Outcome.REFUTED]}*") == 1
    assert any("* by a group of documents alone" in one for one in said)


def squeezed(text):
    """Text without spaces: elements that stand below each other have none between them."""
    return "".join(text.split())


def test_a_sweep_is_in_the_map_alone(whole_run, make_row):
    whole_run.add({"name": "a"})
    before = render_page(whole_run.finish(), whole_run.directory)
    swept = [f"layer.{layer}.head.{head}" for layer in range(4) for head in range(4)]
    whole_run.claims += [make_row(site=site) for site in swept]
    page = render_page(whole_run.finish(), whole_run.directory)
    assert "16 decisions, at 16 attention sites, are in heat maps alone" in page
    assert page.count('<tbody class="claim">') == before.count('<tbody class="claim">')
    assert page.count("<article") == before.count("<article")
    assert "layer.3.head.3" not in page
    assert "of 4 planned" in page


def test_a_few_heads_are_listed_beside_their_map(whole_run, cells):
    whole_run.add({"name": "a"})
    before = render_page(whole_run.finish(), whole_run.directory)
    whole_run.claims += cells
    page = render_page(whole_run.finish(), whole_run.directory)
    assert "in heat maps alone" not in page
    added = page.count('<tbody class="claim">') - before.count('<tbody class="claim">')
    assert added == len(cells)


def test_a_run_of_nothing_but_a_sweep_makes_a_page(whole_run, make_row, elements):
    whole_run.add({"name": "a"})
    whole_run.claims = [make_row(site=f"layer.0.head.{head}") for head in range(8)]
    run = whole_run.finish(site="layer.0.head.0")
    page = elements(render_page(run, whole_run.directory))
    assert len(page.every("svg", role="img")) == 1
    assert len(page.every("table")) == 1
    assert page.every("article") == []


def test_names_in_a_title_are_no_markup(whole_run, make_row, elements):
    whole_run.add({"name": "a"})
    hostile = '"><script>alert(1)</script>'
    whole_run.claims += [make_row(site=f"layer.0.head.{head}", model=hostile) for head in range(2)]
    page = elements(render_page(whole_run.finish(), whole_run.directory))
    assert len(page.every("script")) == 1
    assert "alert(1)" in page.every("figure", class_="heat-map")[0]["text"]
