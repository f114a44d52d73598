import subprocess
import sys

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.data import normalise, tokenize
from attnaudit.data.tokenization import DIGITS
from attnaudit.errors import InvalidArgumentError


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40), st.sampled_from(["whitespace", "spacy"]))
def test_words_are_never_blank_and_keep_every_visible_character(text, tokenizer):
    words = tokenize(text, tokenizer=tokenizer)
    assert all(word and not word.isspace() for word in words)
    assert "".join("".join(words).split()) == "".join(text.split())


def test_spacy_splits_as_its_own_pipeline_does():
    text = "It's a   lovely\n\nU.K. film (don't you think?) for $5."
    whole = [word.text for word in spacy.blank("en")(text) if not word.is_space]
    assert list(tokenize(text, tokenizer="spacy")) == whole
    assert whole[:3] == ["It", "'s", "a"]


def test_white_space_alone_separates_words_for_whitespace():
    assert tokenize(" It's  a\tfilm.\n", tokenizer="whitespace") == ("It's", "a", "film.")


@pytest.mark.parametrize("tokenizer", ["whitespace", "spacy"])
def test_a_blank_text_has_no_words(tokenizer):
    assert tokenize(" \n\t ", tokenizer=tokenizer) == ()


def test_an_unknown_tokenizer_is_refused():
    with pytest.raises(InvalidArgumentError, match="one of whitespace, spacy, not 'nltk'"):
        tokenize("a", tokenizer="nltk")


@pytest.mark.parametrize(
    ("token", "normal"),
    [("Film", "film"), ("R2D2", DIGITS), ("1990s", DIGITS), ("ÉTÉ", "été"), ("...", "...")],
)
def test_words_are_lower_case_and_digits_are_one_word(token, normal):
    assert normalise(token) == normal


@given(st.text())
def test_a_normal_form_is_its_own_normal_form(token):
    assert normalise(normalise(token)) == normalise(token)


def test_importing_the_data_layer_imports_neither_torch_nor_spacy():
    code = "import sys, attnaudit.data.read; sys.exit(bool({'torch', 'spacy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
