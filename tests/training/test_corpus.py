from collections import Counter
from dataclasses import replace

import pytest

from attnaudit.data.vocabulary import UNKNOWN
from attnaudit.errors import DataError
from attnaudit.records import Document
from attnaudit.training.corpus import build_corpus


def corpus_of(documents, **changes):
    limits = {"min_tokens": 1, "max_tokens": 100, "min_document_frequency": 1}
    return build_corpus(documents, tokenizer="whitespace", **(limits | changes))


def test_the_vocabulary_knows_words_of_train_only(make_documents):
    documents = [*make_documents(), Document(id="new", text="zebra", label="bad", split="test")]
    corpus = corpus_of(documents)
    assert "zebra" not in corpus.vocabulary.words
    assert corpus.examples["test"][-1].words == (UNKNOWN,)


def test_rare_words_are_unknown(make_documents):
    rare = Document(id="rare", text="zebra film", label="bad", split="train")
    corpus = corpus_of([*make_documents(), rare], min_document_frequency=2)
    assert "zebra" not in corpus.vocabulary.words
    assert "film" in corpus.vocabulary.words


def test_examples_are_the_documents_in_their_order(make_documents):
    corpus = corpus_of(make_documents())
    for split, documents in corpus.documents.items():
        for document, example in zip(documents, corpus.examples[split], strict=True):
            words = [corpus.vocabulary.words[number] for number in example.words]
            assert " ".join(words) == document.text
            assert corpus.classes[example.target] == document.label


def test_length_limits_hold_in_every_split_and_what_they_leave_out_is_counted(make_documents):
    documents = make_documents()
    corpus = corpus_of(documents, min_tokens=5, max_tokens=8)
    for split in ("train", "dev", "test"):
        before = [document for document in documents if document.split == split]
        fitting = [one for one in before if 5 <= len(one.text.split()) <= 8]
        assert corpus.documents[split] == tuple(fitting)
        assert corpus.left_out[split] == len(before) - len(fitting)
    assert sum(corpus.left_out.values()) > 0


def test_tokens_win_over_text(make_documents):
    given = Document(id="x", text="never read", tokens=("film",), label="bad", split="train")
    corpus = corpus_of([*make_documents(), given])
    assert corpus.examples["train"][-1].words == tuple(corpus.vocabulary.encode(["film"]))


def test_documents_without_splits_are_divided_eight_to_one_to_one(make_documents):
    documents = [replace(one, split=None) for one in make_documents(sizes=(("all", 1000),))]
    sizes = Counter()
    for split, found in corpus_of(documents).documents.items():
        sizes[split] = len(found)
    assert sizes.total() == 1000
    assert sizes["train"] == pytest.approx(800, abs=50)
    assert sizes["dev"] == pytest.approx(100, abs=35)


@pytest.mark.parametrize("missing", ["dev", "test"])
def test_a_missing_split_is_taken_from_train_and_the_others_stay(make_documents, missing):
    documents = make_documents(sizes=(("train", 300), ("dev", 10), ("test", 10)))
    given = [document for document in documents if document.split != missing]
    corpus = corpus_of(given)
    other = "test" if missing == "dev" else "dev"
    assert corpus.documents[other] == tuple(one for one in given if one.split == other)
    assert {one.split for one in corpus.documents[missing]} == {missing}
    taken = {one.id for one in corpus.documents[missing]}
    kept = {one.id for one in corpus.documents["train"]}
    assert taken | kept == {one.id for one in given if one.split == "train"}
    assert not taken & kept
    assert len(taken) == pytest.approx(30, abs=20)


def test_splits_of_other_names_are_not_used(make_documents):
    extra = Document(id="u", text="film", label=None, split="unsupervised")
    assert set(corpus_of([*make_documents(), extra]).documents) == {"train", "dev", "test"}


def relabelled(documents, change):
    return [replace(one, label=change(one)) for one in documents]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda one: None if one.id == "dev-3" else one.label,
            "1 of 10 dev documents have no label, the first is 'dev-3'",
        ),
        (
            lambda one: "bad" if one.split == "train" else one.label,
            "all 40 train documents have the label 'bad'",
        ),
        (
            lambda one: "bad" if one.split == "dev" else one.label,
            "the dev split has no document of class 'good'",
        ),
        (
            lambda one: "odd" if one.id == "test-1" else one.label,
            "the train split has no document of class 'odd'",
        ),
    ],
    ids=["no label", "one class", "dev lacks a class", "train lacks a class"],
)
def test_labels_that_cannot_be_learned_from_are_refused(make_documents, change, said):
    with pytest.raises(DataError, match=said):
        corpus_of(relabelled(make_documents(), change))


def test_second_texts_of_some_documents_only_are_refused(make_documents):
    pair = Document(id="pair", text="film", text2="plot", label="bad", split="dev")
    with pytest.raises(DataError, match=r"60 of 61 documents have no second text.*'train-0'"):
        corpus_of([*make_documents(), pair])


def test_limits_that_leave_a_split_empty_are_refused(make_documents):
    with pytest.raises(DataError, match="train split has no document of 50 to 100 tokens"):
        corpus_of(make_documents(), min_tokens=50)


def test_documents_without_a_train_split_are_refused(make_documents):
    documents = [one for one in make_documents() if one.split != "train"]
    with pytest.raises(DataError, match="no document is in the train split"):
        corpus_of(documents)


def test_too_few_documents_to_take_a_split_from_are_refused(make_documents):
    documents = make_documents(sizes=(("train", 2), ("test", 2)))
    with pytest.raises(DataError, match="2 train documents are too few to take one from"):
        corpus_of(documents)
