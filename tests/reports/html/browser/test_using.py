"""A report as it is used: filtered, by keyboard alone, by those who see it badly or not at all."""

import re

import pytest


@pytest.fixture
def mixed(page_of, numbered):
    """A page of documents of both classes, some predicted wrongly."""
    return page_of({"name": "odd", "predicted": "negative", "label": "positive"}, *numbered(4))


def ids(shown):
    return {text.split()[0] for text in shown.visible("article.document")}


def test_a_class_leaves_its_documents_alone(opened, mixed):
    shown = opened(mixed)
    assert ids(shown) == {"odd", "d00", "d01", "d02", "d03"}
    shown.page.select_option("select[name=predicted]", "negative")
    assert ids(shown) == {"odd"}
    shown.page.select_option("select[name=predicted]", "")
    assert len(ids(shown)) == 5


def test_wrong_predictions_can_be_seen_alone(opened, mixed):
    shown = opened(mixed)
    shown.page.select_option("select[name=right]", "no")
    assert ids(shown) == {"odd"}
    shown.page.select_option("select[name=predicted]", "positive")
    assert ids(shown) == set()


def test_an_outcome_leaves_the_documents_of_claims_that_had_it(opened, mixed):
    shown = opened(mixed)
    shown.page.select_option("select[name=outcome]", "inconclusive")
    quantities = {text.split()[1] for text in shown.visible("article.document")}
    assert quantities == {"tau"}


def test_how_many_documents_are_left_is_said(opened, mixed):
    shown = opened(mixed)
    cards = len(shown.visible("article.document"))
    status = shown.page.get_by_role("status")
    assert status.inner_text() == f"{cards} of {cards} shown"
    shown.page.select_option("select[name=right]", "no")
    left = len(shown.visible("article.document"))
    assert 0 < left < cards
    assert status.inner_text() == f"{left} of {cards} shown"


def test_everything_that_can_be_used_is_reached_by_keyboard_and_shows_it(opened, mixed):
    shown = opened(mixed)
    usable = shown.page.locator("a, select, [tabindex]")
    reached = []
    for _ in range(usable.count()):
        shown.page.keyboard.press("Tab")
        reached.append(
            shown.page.evaluate(
                "[document.activeElement.outerHTML.slice(0, 80),"
                " getComputedStyle(document.activeElement).outlineStyle]"
            )
        )
    assert {start for start, _ in reached} == {
        one.evaluate("one => one.outerHTML.slice(0, 80)") for one in usable.all()
    }
    assert {outline for _, outline in reached} == {"solid"}


def test_a_filter_is_set_by_keyboard(opened, mixed):
    shown = opened(mixed)
    shown.page.locator("select[name=predicted]").focus()
    shown.page.keyboard.press("ArrowDown")
    assert ids(shown) == {"odd"}


@pytest.mark.parametrize("width", [1280, 400])
def test_a_claim_leads_to_its_evidence_which_the_filters_do_not_cover(opened, mixed, width):
    shown = opened(mixed, viewport={"width": width, "height": 900})
    shown.page.locator("tbody.claim a").nth(1).focus()
    shown.page.keyboard.press("Enter")
    target = re.search(r"#(.+)$", shown.page.url)[1]
    heading, filters = shown.page.locator(f"h3#{target}"), shown.page.locator("#filter")
    assert heading.inner_text().startswith("exchange:")
    top = heading.bounding_box()["y"]
    covered = filters.bounding_box()
    assert covered["y"] + covered["height"] <= top < 900


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_stands_in_the_way_of_anyone(opened, mixed, serious_violations, scheme):
    assert serious_violations(opened(mixed, color_scheme=scheme)) == []


def test_what_stands_in_the_way_would_be_found(opened, mixed, serious_violations):
    faint = mixed.replace("--faint: #57606a", "--faint: #c8cdd2")
    rules = {rule for rule, _ in serious_violations(opened(faint, color_scheme="light"))}
    assert "color-contrast" in rules
