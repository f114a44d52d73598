"""A report as it is read: by a script-less browser, on a small window, on paper."""

import pytest

from attnaudit.reports.html import render_page

NARROW = {"width": 400, "height": 800}
# A4 at 96 pixels an inch, without margins of 1 cm.
SHEET = {"width": 718, "height": 1000}
SMALLEST_TEXT = 9
FONT_SIZES = """
    [...document.querySelectorAll("main *")]
      .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
      .filter((one) => one.checkVisibility() && !one.closest("figure svg"))
      .map((one) => parseFloat(getComputedStyle(one).fontSize))
"""


def test_a_page_opens_without_complaint_and_asks_for_nothing_else(opened, page_of, numbered):
    shown = opened(page_of(*numbered(5)))
    assert shown.complaints == []
    assert [url.rpartition("/")[2] for url in shown.requests] == ["report.html"]


def test_what_a_page_were_to_ask_for_would_be_seen(opened):
    shown = opened('<img src="missing.png"><script>console.error("spoken")</script>')
    assert [url.rpartition("/")[2] for url in shown.requests] == ["report.html", "missing.png"]
    assert "spoken" in shown.complaints


def test_without_script_everything_but_the_filters_is_there(opened, page_of, numbered):
    text = page_of(*numbered(5))
    scripted, plain = opened(text), opened(text, java_script_enabled=False)
    assert plain.visible("article.document") == scripted.visible("article.document")
    assert len(plain.visible("figure")) == len(scripted.visible("figure"))
    assert plain.visible("#filter") == []
    assert len(scripted.visible("#filter")) == 1


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, NARROW])
def test_only_the_table_scrolls_sideways(opened, page_of, numbered, viewport):
    shown = opened(page_of(*numbered(5)), viewport=viewport)
    assert shown.overflow() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper_a_page_is_dark_on_white_with_all_documents_and_no_filters(
    opened, page_of, numbered, scheme
):
    text = page_of({"name": "other", "predicted": "negative"}, *numbered(4))
    shown = opened(text, viewport=SHEET, color_scheme=scheme)
    every = len(shown.visible("article.document"))
    shown.page.select_option("select[name=predicted]", "negative")
    assert len(shown.visible("article.document")) < every
    shown.page.emulate_media(media="print", color_scheme=scheme)
    assert len(shown.visible("article.document")) == every
    assert shown.visible("#filter") == []
    assert shown.overflow() == 0
    body = shown.page.locator("body")
    assert body.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(255, 255, 255)"
    good = shown.page.locator("td.supported").first
    assert good.evaluate("one => getComputedStyle(one).color") == "rgb(26, 107, 52)"


def test_a_page_prints(opened, page_of, numbered):
    printed = opened(page_of(*numbered(5))).page.pdf(format="A4", print_background=False)
    assert printed.startswith(b"%PDF-")
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") > 1


def test_a_report_on_25000_documents_is_small_and_legible(opened, whole_run, numbered):
    every = numbered(25_000, length=12)
    for start in range(0, len(every), 5_000):
        whole_run.add(*every[start : start + 5_000])
    text = render_page(whole_run.finish(), whole_run.directory)
    assert len(text.encode()) < 2e6
    shown = opened(text)
    assert shown.complaints == []
    assert shown.overflow() == 0
    sizes = shown.page.evaluate(FONT_SIZES)
    assert len(sizes) > 500
    assert min(sizes) >= SMALLEST_TEXT
    # What is drawn scales with the page: its text must stay legible too.
    scale = shown.page.evaluate(
        "Math.min(...[...document.querySelectorAll('figure svg')]"
        ".map((one) => one.clientWidth / one.viewBox.baseVal.width))"
    )
    assert shown.page.locator("figure svg").count() >= len(whole_run.claims) - 1
    assert scale >= 1
