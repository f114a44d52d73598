"""Which tasks need no place, because the catalog has the documents that are expected there."""

import hashlib

import pytest

from attnaudit.data import catalog, read_documents, write_documents
from attnaudit.errors import DataError, UsageError
from attnaudit.records import Document
from attnaudit.reproduction.documents import prepare_documents
from attnaudit.reproduction.request import Request
from attnaudit.reproduction.tasks import TASKS, named_task

REVIEWS = [
    Document(id=split, text="not a bad film at all, really", label="pos", split=split)
    for split in ("train", "dev", "test")
]


@pytest.fixture
def request_of(tmp_path, monkeypatch):
    """Requests made where the catalog has fetched a small IMDB."""
    monkeypatch.setenv("ATTNAUDIT_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "cache" / "imdb" / catalog.show("imdb").origin.edition
    folder.mkdir(parents=True)
    write_documents(folder / "documents.jsonl", REVIEWS)
    digest = hashlib.sha256((folder / "documents.jsonl").read_bytes()).hexdigest()
    (folder / "documents.sha256").write_text(f"{digest}  documents.jsonl\n")
    return lambda **changes: Request(**{"out": tmp_path / "out", "tasks": ("imdb",)} | changes)


@pytest.mark.parametrize("data", [{}, {"imdb": "imdb"}])
def test_a_task_of_the_catalog_is_fetched_by_name(request_of, data):
    prepared = prepare_documents(named_task("imdb"), request_of(data=data))
    assert prepared.source == "imdb"
    assert prepared.counts == {"train": 1, "dev": 1, "test": 1}
    [document, *_] = read_documents(prepared.path)
    assert document.tokens == ("not", "a", "bad", "film", "at", "all", ",", "really")


def test_a_folder_of_data_sets_is_looked_into_and_nothing_fetched(request_of, tmp_path):
    with pytest.raises(DataError, match=r"there is no data set or file 'imdb:.*aclImdb'"):
        prepare_documents(named_task("imdb"), request_of(data_dir=tmp_path))


def test_a_path_that_is_named_is_not_taken_for_the_catalog_s(request_of, tmp_path):
    other = tmp_path / "own.jsonl"
    write_documents(other, [Document(id="x", text="fine " * 9, split="test")])
    prepared = prepare_documents(named_task("imdb"), request_of(data={"imdb": f"jsonl:{other}"}))
    assert prepared.source == f"jsonl:{other}"


def test_only_sets_with_the_texts_of_the_task_stand_in_for_its_place(request_of):
    assert {task.name: task.catalog for task in TASKS.values() if task.catalog} == {
        "imdb": "imdb",
        "snli": "snli",
    }
    for name in ("agnews", "sst"):
        with pytest.raises(UsageError, match=f"where the documents of {name} are"):
            prepare_documents(named_task(name), request_of(tasks=(name,)))


def test_the_catalog_s_classes_are_those_of_the_task():
    for task in TASKS.values():
        if task.catalog is not None:
            assert catalog.show(task.catalog).classes == tuple(sorted(task.classes))
