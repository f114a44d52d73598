from collections import Counter

import numpy as np
import pytest
from scipy.stats import chisquare

from attnaudit.errors import InvalidArgumentError
from attnaudit.models.planted import NEGATIVE_WORDS, POSITIVE_WORDS, planted_documents


def make(count=200, *, seed=0, **options):
    return planted_documents(count, generator=np.random.default_rng(seed), **options)


def evidence_places(document):
    words = POSITIVE_WORDS + NEGATIVE_WORDS
    return [place for place, word in enumerate(document.tokens) if word in words]


@pytest.mark.parametrize("copies", [0, 1, 3])
def test_every_document_has_its_length_and_its_copies_of_evidence_of_its_class(copies):
    documents = make(copies=copies, lengths=(5, 9))
    assert {len(document.tokens) for document in documents} == set(range(5, 10))
    for document in documents:
        places = evidence_places(document)
        assert len(places) == copies
        words = POSITIVE_WORDS if document.label == "positive" else NEGATIVE_WORDS
        assert all(document.tokens[place] in words for place in places)


def test_evidence_stands_at_every_place_equally_often():
    documents = make(2000, lengths=(8, 8))
    counts = Counter(place for document in documents for place in evidence_places(document))
    assert chisquare([counts[place] for place in range(8)]).pvalue > 1e-4


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_classes_have_their_shares_from_the_first_documents_on(share):
    labels = [document.label == "positive" for document in make(positive_share=share)]
    for count in (40, 200):
        assert sum(labels[:count]) == share * count


def test_documents_of_the_other_class_can_be_without_evidence():
    for document in make(evidence="positive"):
        assert bool(evidence_places(document)) == (document.label == "positive")


def test_the_same_source_makes_the_same_documents_and_another_others():
    assert make() == make()
    assert make() != make(seed=1)


def test_ids_are_unique_and_tokens_are_plain_text():
    documents = make()
    assert len({document.id for document in documents}) == len(documents)
    assert {type(word) for document in documents for word in document.tokens} == {str}


@pytest.mark.parametrize("options", [{"lengths": (2, 5), "copies": 3}, {"lengths": (5, 2)}])
def test_impossible_documents_are_refused(options):
    with pytest.raises(InvalidArgumentError, match="cannot hold"):
        make(**options)
