import re

import pytest
from markdown_it import MarkdownIt

from attnaudit.reports.markup import escaped, table_line

READER = MarkdownIt("js-default").enable("table")
NO_SPACE = "\u200b"
# What GitHub looks for in text that has been read as Markdown, in all but the boundaries.
LINKED = re.compile(
    r"@[a-z0-9] | \#\d | \bGH-\d | :[\w+-]+: | www\. | ://", re.IGNORECASE | re.VERBOSE
)


@pytest.mark.parametrize(
    "text",
    [
        "a|b",
        "<img src=x onerror=alert(1)>",
        "[link](javascript:x)",
        "`code` **bold** _slanted_ ~~gone~~",
        "# heading",
        "back\\slash",
        "&amp; as written",
        "![](x)",
    ],
)
def test_text_is_read_as_it_was_written(text):
    [paragraph] = [token for token in READER.parse(f"x {escaped(text)}") if token.type == "inline"]
    assert paragraph.content != ""
    assert {child.type for child in paragraph.children} <= {"text", "text_special"}
    assert "".join(child.content for child in paragraph.children) == f"x {text}"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("@octocat", "\\@&#8203;octocat"),
        ("team@example.org", "team\\@&#8203;example.org"),
        ("owner/name#12", "owner/name\\#&#8203;12"),
        ("see GH-12 or gh-3", "see GH&#8203;-12 or gh&#8203;-3"),
        ("www.example.org", "www&#8203;.example.org"),
        ("WWW.example.org", "WWW&#8203;.example.org"),
        ("http://example.org", "http\\:&#8203;//example.org"),
        (":thumbs_up:", "\\:&#8203;thumbs\\_up\\:"),
    ],
)
def test_what_a_hub_links_once_escapes_are_read_is_broken_by_a_space_of_no_width(text, written):
    assert LINKED.search(text)
    assert escaped(text) == written
    [paragraph] = [token for token in READER.parse(written) if token.type == "inline"]
    shown = "".join(child.content for child in paragraph.children)
    assert not LINKED.search(shown)
    assert shown.replace(NO_SPACE, "") == text


@pytest.mark.parametrize("text", ["layer.0", "high-12", "a # b", "12: b @ c", "GH 12", "a:b"])
def test_other_text_has_nothing_hidden_in_it(text):
    assert NO_SPACE not in escaped(text)
    assert "&#8203;" not in escaped(text)


def test_a_cell_stays_one_cell():
    table = [table_line(["a", "b"]), table_line(["---", "---"]), table_line([escaped("x|y"), "z"])]
    cells = [token for token in READER.parse("\n".join(table)) if token.type == "td_open"]
    assert len(cells) == 2


def test_several_lines_become_one():
    assert escaped("a\nb\r\n\tc") == "a b c"


def test_what_is_very_long_is_cut():
    assert len(escaped("x" * 10_000)) < 2_100
