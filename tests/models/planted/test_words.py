from attnaudit.models.planted import NEGATIVE_WORDS, NEUTRAL_WORDS, POSITIVE_WORDS


def test_no_word_is_of_two_kinds():
    words = POSITIVE_WORDS + NEGATIVE_WORDS + NEUTRAL_WORDS
    assert len(set(words)) == len(words)
    assert all(word == word.lower() for word in words)
