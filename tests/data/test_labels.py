import pytest

from attnaudit.data import check_labels, infer_classes
from attnaudit.errors import DataError
from attnaudit.records import Document

CLASSES = ("negative", "positive")


def labelled(*labels):
    return tuple(Document(id=f"d{i}", text="t", label=label) for i, label in enumerate(labels))


def resolved(labels, classes):
    return [document.label for document in check_labels(labelled(*labels), classes)]


def test_classes_are_the_distinct_labels_sorted():
    assert infer_classes(labelled("b", None, "a", "b")) == ("a", "b")


def test_documents_without_labels_have_no_classes():
    with pytest.raises(DataError, match="no document has a label"):
        infer_classes(labelled(None, None))


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("positive", "positive"),
        ("0", "negative"),
        ("1", "positive"),
        ("1.0", "positive"),
        (None, None),
    ],
)
def test_a_label_is_a_name_or_an_index(label, name):
    assert resolved([label], CLASSES) == [name]


def test_an_index_counts_in_the_sorted_classes():
    assert resolved(["0"], ("positive", "negative")) == ["negative"]


@pytest.mark.parametrize("label", ["2", "-1", "Positive", "", "0.5", "01x", "1e0"])
def test_a_label_that_is_neither_names_document_label_and_classes(label):
    with pytest.raises(DataError, match=f"'d1' has the label '{label}'.*0: negative, 1: positive"):
        resolved(["positive", label], CLASSES)


def test_classes_called_by_numbers_are_names_first():
    assert resolved(["1", "2"], ("1", "2")) == ["1", "2"]


def test_labels_counted_from_zero_are_never_half_names_half_indices():
    assert resolved(["0", "1", "1"], ("1", "2")) == ["1", "2", "2"]


def test_a_label_outside_classes_called_by_numbers_is_refused():
    with pytest.raises(DataError, match="'d1' has the label '3'"):
        resolved(["1", "3"], ("1", "2"))


def test_nothing_but_the_label_changes():
    document = Document(id="a", tokens=("x",), label="0", split="test", rationale=((0, 1),))
    (checked,) = check_labels([document], CLASSES)
    assert checked == Document(
        id="a", tokens=("x",), label="negative", split="test", rationale=((0, 1),)
    )
