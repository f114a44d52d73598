from pathlib import Path

import pytest

from attnaudit.data.readers.documents import documents_from_rows
from attnaudit.data.readers.row import Row
from attnaudit.errors import DataError
from attnaudit.records import Document


def documents(*records, columns=None, split=None):
    rows = [Row(number, f"line {number}", values) for number, values in enumerate(records, start=1)]
    return list(
        documents_from_rows(rows, path=Path("a.csv"), stem="a", columns=columns or {}, split=split)
    )


def one(columns=None, **values):
    (document,) = documents(values, columns=columns)
    return document


def test_known_columns_feed_their_fields_and_others_are_ignored():
    document = one(text="t", label="x", text2="u", id="k", split="dev", exp_split="test", other=3)
    assert document == Document(id="k", text="t", label="x", text2="u", split="dev")


def test_mapped_columns_replace_the_known_ones():
    columns = {"text": "review", "label": "stars", "split": "part"}
    document = one(columns, review="r", text="ignored", stars=4, part="test", split="dev")
    assert document == Document(id="a-1", text="r", label="4", split="test")


def test_exp_split_is_known_as_split():
    assert one(text="t", exp_split="test").split == "test"


def test_rows_without_id_are_called_by_file_and_row():
    names = [document.id for document in documents({"text": "t"}, {"text": "u", "id": "own"})]
    assert names == ["a-1", "own"]


def test_a_number_is_an_id():
    assert one(text="t", id=17).id == "17"


def test_a_cluster_is_named_by_a_column_of_its_own_or_by_another():
    assert one(text="t", cluster="thread").cluster == "thread"
    assert one({"cluster": "author"}, text="t", author=17, cluster="ignored").cluster == "17"
    assert one({"cluster": "author"}, text="t", author=None).cluster is None
    assert one(text="t").cluster is None


def test_a_cluster_that_is_no_name_is_refused():
    with pytest.raises(DataError, match="author must be a string"):
        one({"cluster": "author"}, text="t", author=["two", "people"])


def test_the_split_of_the_file_stands_where_the_row_names_none():
    rows = documents({"text": "t"}, {"text": "t", "split": "dev"}, split="train")
    assert [document.split for document in rows] == ["train", "dev"]


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        ("good", "good"),
        (1, "1"),
        (1.0, "1"),
        (True, "true"),
        (None, None),
        (float("nan"), None),
    ],
)
def test_labels_are_spelled_as_class_names_or_indices(cell, label):
    assert one(text="t", label=cell).label == label


def test_a_missing_text_is_an_empty_document():
    assert one(text=None, label="x").text == ""


def test_tokens_and_spans_are_read_from_lists():
    document = one(tokens=["a", "b"], rationale=[[0, 1], [1, 2]])
    assert document.text is None
    assert document.tokens == ("a", "b")
    assert document.rationale == ((0, 1), (1, 2))


def test_text_and_tokens_may_both_be_given():
    document = one(text="a b", tokens=["a", "b"])
    assert (document.text, document.tokens) == ("a b", ("a", "b"))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"text": 3}, r"a\.csv, line 1: text must be a string, not 3 \(int\)"),
        ({"text": ["a"]}, "text must be a string"),
        ({"text": "half \ud800"}, "text must be made of whole characters"),
        ({"text": "t", "label": 0.5}, "label must be a class name or a whole number, not 0.5"),
        ({"text": "t", "label": ["x"]}, "label must be a class name"),
        ({"text": "t", "id": True}, "id must be a string"),
        ({"text": "t", "text2": {}}, "text2 must be a string"),
        ({"text": "t", "split": 1.5}, "split must be a string"),
        ({"tokens": "a b"}, "tokens must be a list of strings"),
        ({"tokens": ["a", 3]}, "tokens must be a string, not 3"),
        ({"tokens": ["a"], "rationale": [[0]]}, "rationale must be a list of"),
        ({"tokens": ["a"], "rationale": [[1, 1]]}, "rationale must be a list of"),
        ({"tokens": ["a"], "rationale": [[0, 1.0]]}, "rationale must be a list of"),
        ({"tokens": ["a"], "rationale": "0-1"}, "rationale must be a list of"),
    ],
)
def test_a_cell_of_the_wrong_type_is_named(values, message):
    with pytest.raises(DataError, match=message):
        documents(values)


def test_a_mapped_cell_is_named_by_its_own_column():
    with pytest.raises(DataError, match="review must be a string"):
        one({"text": "review"}, review=3)


def test_a_text_column_that_does_not_exist_lists_those_there_are():
    with pytest.raises(
        DataError, match="line 1 has no column 'text'; the columns are 'review', 'x"
    ):
        documents({"review": "r", "x": "y"})


def test_a_mapped_column_that_does_not_exist_lists_those_there_are():
    with pytest.raises(
        DataError, match=r"a\.csv has no column 'stars'; the columns are 'text', 'l"
    ):
        documents({"text": "r", "label": "y"}, columns={"label": "stars"})


def test_a_mapped_column_may_be_absent_from_some_records():
    rows = documents({"text": "a"}, {"text": "b", "stars": 2}, columns={"label": "stars"})
    assert [document.label for document in rows] == [None, "2"]


def test_a_table_with_many_columns_does_not_fill_the_screen():
    with pytest.raises(DataError, match="and 80 more") as caught:
        documents({f"column {number}" * 50: "x" for number in range(100)})
    assert len(str(caught.value)) < 1500


def test_a_field_that_does_not_exist_lists_those_there_are():
    with pytest.raises(DataError, match=r"'review' is no field .* text, label, text2, id, split"):
        one({"review": "text"}, text="t")
