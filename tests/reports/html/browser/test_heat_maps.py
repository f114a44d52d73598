"""Heat maps as they are seen: on a narrow screen, in the dark, without colours."""

import itertools

import pytest


@pytest.fixture
def swept(page_of, whole_run, make_row, numbered):
    """A page with the map of a claim at 24 heads, beside the claims at another site."""
    sites = [f"layer.{layer}.head.{head}" for layer in range(2) for head in range(12)]
    whole_run.claims += [
        make_row(site=site, estimate=number / 24) for number, site in enumerate(sites)
    ]
    return page_of(*numbered(2))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_stands_in_the_way_of_a_map_or_its_table(
    opened, swept, serious_violations, scheme
):
    shown = opened(swept, color_scheme=scheme)
    shown.page.locator("figure.heat-map summary").click()
    assert serious_violations(shown) == []


@pytest.mark.parametrize("width", [1280, 400])
def test_a_wide_map_does_not_make_the_page_wider(opened, swept, width):
    shown = opened(swept, viewport={"width": width, "height": 900})
    shown.page.locator("figure.heat-map summary").click()
    assert shown.overflow() == 0


def test_the_table_is_closed_until_it_is_asked_for_by_keyboard(opened, swept):
    shown = opened(swept)
    assert not shown.visible("figure.heat-map table")
    shown.page.locator("figure.heat-map summary").focus()
    shown.page.keyboard.press("Enter")
    [table] = shown.visible("figure.heat-map table")
    assert "0.958" in table


def test_numbers_lie_inside_their_cells(opened, swept):
    shown = opened(swept)
    boxes = [one.bounding_box() for one in shown.page.locator("figure.heat-map svg text").all()]
    texts = [one.text_content() for one in shown.page.locator("figure.heat-map svg text").all()]
    numbers = [box for box, text in zip(boxes, texts, strict=True) if text.strip()[1:2] == "."]
    assert len(numbers) == 24
    for one, other in itertools.combinations(numbers, 2):
        left, right = sorted((one, other), key=lambda box: box["x"])
        upper, lower = sorted((one, other), key=lambda box: box["y"])
        apart = left["x"] + left["width"] < right["x"]
        assert apart or upper["y"] + upper["height"] < lower["y"]
