import pytest

from attnaudit.models.planted import NEGATIVE_WORDS, NEUTRAL_WORDS, POSITIVE_WORDS
from attnaudit.training.sentences import sentences


def test_the_corpus_is_the_same_in_every_call():
    assert sentences() == sentences()


def test_every_document_has_exactly_one_word_of_evidence_and_it_is_that_of_its_label():
    for document in sentences():
        words = document.text.split()
        evidence = [word for word in words if word not in NEUTRAL_WORDS]
        assert len(evidence) == 1, document
        polarity = POSITIVE_WORDS if document.label == "positive" else NEGATIVE_WORDS
        assert evidence[0] in polarity, document


def test_documents_have_six_to_thirty_words_of_many_lengths_and_differ():
    texts = [document.text for document in sentences()]
    lengths = {len(text.split()) for text in texts}
    assert min(lengths) >= 6
    assert max(lengths) <= 30
    assert len(lengths) >= 15
    assert len(set(texts)) == len(texts)
    assert len({document.id for document in sentences()}) == len(texts)


def test_both_polarities_and_every_word_of_evidence_occur_alike():
    labels = [document.label for document in sentences()]
    assert labels.count("positive") == labels.count("negative") == 150
    words = [word for document in sentences() for word in document.text.split()]
    for word in (*POSITIVE_WORDS, *NEGATIVE_WORDS):
        assert words.count(word) == pytest.approx(30, abs=15), word


def test_evidence_does_not_stand_in_one_place():
    places = {
        next(place for place, word in enumerate(words) if word not in NEUTRAL_WORDS)
        for words in (document.text.split() for document in sentences())
    }
    assert len(places) >= 3
