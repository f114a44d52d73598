import pytest

from attnaudit.errors import DataError, UsageError
from attnaudit.records import Document
from attnaudit.training.corpus import build_corpus
from attnaudit.training.questions import allowed_classes, check_rule, have_questions


def pair(name, split, *, text="Ann in garden", question="where is Ann", label="garden"):
    return Document(id=name, text=text, text2=question, label=label, split=split)


@pytest.fixture
def pairs():
    kitchen = {"text": "Bob in kitchen", "question": "where is Bob", "label": "kitchen"}
    return [
        one
        for split in ("train", "dev", "test")
        for one in (pair(f"{split}-0", split), pair(f"{split}-1", split, **kitchen))
    ]


def corpus_of(documents, **changes):
    limits = {"min_tokens": 1, "max_tokens": 5, "min_document_frequency": 1}
    return build_corpus(documents, tokenizer="whitespace", **(limits | changes))


def test_the_vocabulary_knows_the_words_of_both_texts(pairs):
    corpus = corpus_of(pairs)
    assert {"garden", "where"} <= {*corpus.vocabulary.words}
    numbers = corpus.vocabulary.encode
    (example, _) = corpus.examples["dev"]
    assert example.words == tuple(numbers(["ann", "in", "garden"]))
    assert example.question.words == tuple(numbers(["where", "is", "ann"]))


def test_a_word_is_as_frequent_as_the_texts_that_have_it(pairs):
    # "ann" stands in a text and in a question, "garden" in a text alone.
    words = corpus_of(pairs, min_document_frequency=2).vocabulary.words
    assert "ann" in words
    assert "garden" not in words


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [(None, (True, True)), ("all", (True, True)), ("mentioned", (True, False))],
)
def test_candidates_follow_the_rule(candidates, expected, pairs):
    corpus = corpus_of(pairs, candidates=candidates)
    assert corpus.examples["train"][0].question.candidates == expected
    assert corpus.candidates == (candidates or "all")


@pytest.mark.parametrize("question", ["", "where is Ann now or then"])
def test_a_document_with_an_empty_or_too_long_question_is_left_out_and_counted(question, pairs):
    corpus = corpus_of([*pairs, pair("odd", "train", question=question)])
    assert [one.id for one in corpus.documents["train"]] == ["train-0", "train-1"]
    assert corpus.left_out == {"train": 1, "dev": 0, "test": 0}


def test_documents_of_one_text_have_neither_questions_nor_candidates(make_documents):
    corpus = corpus_of(make_documents(), max_tokens=100)
    assert corpus.candidates is None
    assert all(example.question is None for example in corpus.examples["train"])


def test_candidates_for_documents_of_one_text_are_refused():
    with pytest.raises(UsageError, match="--candidates all was asked for, but the documents have"):
        check_rule("all", asked=False)
    assert check_rule(None, asked=False) == "all"


def test_a_label_that_is_no_candidate_is_refused_by_name():
    document = pair("d3", "train", label="kitchen")
    words = ("Ann", "in", "garden")
    classes = ("garden", "kitchen")
    assert allowed_classes(document, words, classes, rule="all") == (True, True)
    with pytest.raises(DataError, match="label of document 'd3', 'kitchen', is not a word"):
        allowed_classes(document, words, classes, rule="mentioned")


def test_documents_have_questions_only_if_all_of_them_have(pairs):
    assert have_questions({"train": pairs[:2], "dev": pairs[2:]})
    single = Document(id="single", text="a")
    assert not have_questions({"train": [single], "dev": []})
    with pytest.raises(DataError, match=r"1 of 7 documents have no second text.*'single'"):
        have_questions({"train": [single], "dev": pairs})
