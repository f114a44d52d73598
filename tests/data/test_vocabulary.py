import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnaudit.data import Vocabulary, normalise
from attnaudit.data.vocabulary import END, PADDING, SPECIALS, START, UNKNOWN
from attnaudit.errors import InvalidArgumentError, ModelError

WORDS = st.text(st.sampled_from("aAbB1"), min_size=1, max_size=2)


def test_specials_have_the_first_numbers():
    words = Vocabulary(SPECIALS).words
    assert words == ("<pad>", "<unk>", "<start>", "<end>")
    assert (words[PADDING], words[UNKNOWN], words[START], words[END]) == words


@given(st.lists(st.lists(WORDS, max_size=4), max_size=5), st.integers(1, 3))
def test_words_stand_by_falling_document_frequency_then_by_alphabet(documents, least):
    texts = [[normalise(word) for word in document] for document in documents]
    frequency = {word: sum(word in text for text in texts) for text in texts for word in text}
    expected = [
        word
        for count in range(len(texts), least - 1, -1)
        for word in sorted(frequency)
        if frequency[word] == count
    ]
    built = Vocabulary.build(documents, min_document_frequency=least)
    assert list(built.words) == [*SPECIALS, *expected]
    assert len(built) == 4 + len(expected)


def test_a_word_counts_once_per_document():
    built = Vocabulary.build([["a", "a", "A"], ["b"], ["b"]], min_document_frequency=2)
    assert built.words[4:] == ("b",)


@given(st.lists(WORDS), st.lists(WORDS))
def test_encoding_gives_the_place_of_the_normalised_word(known, tokens):
    vocabulary = Vocabulary.build([known], min_document_frequency=1)
    assert vocabulary.encode(tokens) == [
        vocabulary.words.index(normalise(token))
        if normalise(token) in vocabulary.words
        else UNKNOWN
        for token in tokens
    ]


@pytest.mark.parametrize("special", SPECIALS)
def test_a_text_cannot_spell_a_special(special):
    built = Vocabulary.build([[special, "a"], [special.upper(), "a"]], min_document_frequency=1)
    assert built.words == (*SPECIALS, "a")
    assert built.encode([special, special.upper(), "a"]) == [UNKNOWN, UNKNOWN, 4]


@pytest.mark.parametrize("least", [0, -1])
def test_a_least_frequency_below_one_is_refused(least):
    with pytest.raises(InvalidArgumentError, match=f"at least 1, not {least}"):
        Vocabulary.build([["a"]], min_document_frequency=least)


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1)))
def test_a_vocabulary_is_read_back_from_json_equal(tokens):
    built = Vocabulary.build([tokens], min_document_frequency=1)
    assert Vocabulary.from_json(built.to_json()) == built


def stored(**changes):
    return json.dumps({"schema": 1, "words": [*SPECIALS, "a"]} | changes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "must be .* it is 'list'"),
        ('{"words": []}', "nothing else; it is \\['words'\\]"),
        (stored(more=1), "nothing else; it is \\['more', 'schema', 'words'\\]"),
        (stored(schema=2), "has schema 2; this version reads schema 1"),
        (stored(schema="1"), "has schema '1'"),
        (stored(schema=True), "has schema True"),
        (stored(words={"<pad>": 0}), "words must be a list, not dict"),
        (stored(words=[]), "must begin with <pad>, <unk>, <start>, <end>; it begins with"),
        (stored(words=["a", *SPECIALS]), "must begin with <pad>"),
        (stored(words=[*SPECIALS[:3], "a"]), "must begin with <pad>"),
        (stored(words=[[], *SPECIALS]), "must begin with <pad>"),
        (
            stored(words=[*SPECIALS, "a", "b", "a"]),
            "word 6 of the vocabulary, 'a', stands there tw",
        ),
        (stored(words=[*SPECIALS, "<pad>"]), "word 4 of the vocabulary, '<pad>', stands there twi"),
        (stored(words=[*SPECIALS, 7]), "word 4 of the vocabulary must be a non-empty string"),
        (stored(words=[*SPECIALS, None]), "word 4 of the vocabulary must be"),
        (stored(words=[*SPECIALS, ["a"]]), "word 4 of the vocabulary must be"),
        (stored(words=[*SPECIALS, ""]), "word 4 of the vocabulary must be"),
        (stored(words=[*SPECIALS, "\ud800"]), "word 4 of the vocabulary must be"),
    ],
)
def test_a_file_that_is_no_vocabulary_is_refused(text, message):
    with pytest.raises(ModelError, match=message):
        Vocabulary.from_json(text)
