import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.data import documents_digest, read_documents, write_documents
from attnaudit.errors import DataError, UsageError
from attnaudit.records import Document

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
NAME = TEXT.filter(bool)
SPAN = st.tuples(st.integers(0, 9), st.integers(1, 9)).map(lambda span: (span[0], sum(span)))
DOCUMENTS = st.lists(
    st.builds(
        Document,
        id=NAME,
        text=TEXT,
        tokens=st.none() | st.lists(TEXT, max_size=3).map(tuple),
        label=st.none() | TEXT,
        text2=st.none() | TEXT,
        rationale=st.none() | st.lists(SPAN, max_size=2).map(tuple),
        split=st.none() | NAME,
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda document: document.id,
).map(tuple)


@settings(max_examples=60, deadline=None)
@given(documents=DOCUMENTS, ending=st.sampled_from([".jsonl", ".jsonl.gz"]))
def test_what_is_written_is_read_back_equal(tmp_path_factory, documents, ending):
    path = tmp_path_factory.mktemp("documents") / f"documents{ending}"
    write_documents(path, documents)
    assert read_documents(path) == documents


def test_documents_of_tokens_only_are_read_back_equal(tmp_path):
    documents = (Document(id="a", tokens=("x", "y")), Document(id="b", tokens=()))
    write_documents(tmp_path / "a.jsonl", documents)
    assert read_documents(tmp_path / "a.jsonl") == documents


def test_equal_documents_give_equal_files(tmp_path):
    documents = (Document(id="a", text="x"),)
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        write_documents(tmp_path / name, documents)
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


def test_a_document_that_cannot_be_written_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.jsonl"
    write_documents(path, (Document(id="a", text="old"),))
    with pytest.raises(DataError, match="document 'b' holds half of a surrogate pair"):
        write_documents(path, (Document(id="a", text="new"), Document(id="b", text="\ud800")))
    assert [document.text for document in read_documents(path)] == ["old"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"documents\.jsonl cannot be written: No such file"):
        write_documents(tmp_path / "nowhere" / "documents.jsonl", (Document(id="a", text="x"),))


def test_a_name_that_stands_for_a_folder_leaves_nothing_behind(tmp_path):
    path = tmp_path / "a.jsonl"
    path.mkdir()
    with pytest.raises(UsageError, match="cannot be written"):
        write_documents(path, (Document(id="a", text="x"),))
    assert list(tmp_path.iterdir()) == [path]


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"should end in \.jsonl"):
        write_documents(tmp_path / "a.csv", (Document(id="a", text="x"),))


def test_the_digest_of_written_documents_is_that_of_read_ones(tmp_path):
    documents = (Document(id="a", text="ä", label="x"), Document(id="b", tokens=("c",)))
    write_documents(tmp_path / "a.jsonl.gz", documents)
    assert documents_digest(read_documents(tmp_path / "a.jsonl.gz")) == documents_digest(documents)
