import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnaudit.reports.plain import plain


@pytest.mark.parametrize("word", ["goalie", "don't", "été", "漢字"])
def test_a_word_that_can_be_printed_stays_as_it_is(word):
    assert plain(word, width=10) == word


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", r"\x1b[31m"),
        ("a\nb\rc\td", r"a\nb\rc\td"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\ud800", r"\ud800"),
        ("\x9b2J", r"\x9b2J"),
    ],
)
def test_what_a_terminal_would_obey_is_written_as_its_escape(text, shown):
    assert plain(text, width=30) == shown


@given(text=st.text(), width=st.integers(3, 20))
def test_every_text_becomes_one_printable_line_of_the_width(text, width):
    shown = plain(text, width=width)
    assert shown.isprintable()
    assert len(shown) <= width


def test_a_cut_text_says_so():
    assert plain("abcdefgh", width=8) == "abcdefgh"
    assert plain("abcdefghi", width=8) == "abcde..."
