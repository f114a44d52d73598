"""Which tasks need no place, because the catalog has the documents that are expected there."""

import hashlib
import json

import pytest
from typer.testing import CliRunner

from attnaudit import cli
from attnaudit.data import catalog, read_documents, write_documents
from attnaudit.errors import DataError, UsageError
from attnaudit.records import Document
from attnaudit.reproduction import reproduce as reproduction
from attnaudit.reproduction.documents import prepare_documents
from attnaudit.reproduction.request import Request
from attnaudit.reproduction.tasks import TASKS, named_task

REVIEWS = [
    Document(id=split, text="not a bad film at all, really", label="pos", split=split)
    for split in ("train", "dev", "test")
]


@pytest.fixture
def request_of(tmp_path, monkeypatch):
    """Requests made where the catalog would fetch a small IMDB."""
    monkeypatch.setenv("ATTNAUDIT_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "cache" / "imdb" / catalog.show("imdb").origin.edition

    def get(name):
        assert name == "imdb"
        folder.mkdir(parents=True)
        write_documents(folder / "documents.jsonl", REVIEWS)
        (folder / "documents.sha256").write_text(f"{digest_in(folder)}  documents.jsonl\n")
        return folder / "documents.jsonl"

    monkeypatch.setattr(catalog, "get", get)
    return lambda **changes: Request(**{"out": tmp_path / "out", "tasks": ("imdb",)} | changes)


def digest_in(folder):
    return hashlib.sha256((folder / "documents.jsonl").read_bytes()).hexdigest()


@pytest.mark.parametrize("asked", [{"may_fetch": True}, {"data": {"imdb": "imdb"}}])
def test_a_task_of_the_catalog_is_fetched_by_name(request_of, asked):
    prepared = prepare_documents(named_task("imdb"), request_of(**asked))
    assert prepared.source == "imdb"
    assert prepared.counts == {"train": 1, "dev": 1, "test": 1}
    [document, *_] = read_documents(prepared.path)
    assert document.tokens == ("not", "a", "bad", "film", "at", "all", ",", "really")


@pytest.mark.parametrize("name", ["imdb", "snli"])
def test_a_task_that_nobody_named_is_not_fetched_and_the_way_to_is_told(request_of, name):
    with pytest.raises(UsageError, match=f"To fetch them from the hub, write --data {name}={name}"):
        prepare_documents(named_task(name), request_of(tasks=(name,)))


def test_the_digest_of_what_was_just_fetched_is_recorded_and_other_documents_refused(
    request_of, tmp_path
):
    request = request_of(data={"imdb": "imdb"})
    prepare_documents(named_task("imdb"), request)
    record = json.loads((tmp_path / "out" / "documents" / "imdb.json").read_text())
    [folder] = (tmp_path / "cache" / "imdb").iterdir()
    assert record["sha256"] == digest_in(folder)
    (folder / "documents.sha256").write_text(f"{'0' * 64}  documents.jsonl\n")
    with pytest.raises(UsageError, match="the files have changed since"):
        prepare_documents(named_task("imdb"), request)


@pytest.mark.parametrize(("options", "may_fetch"), [((), False), (("--tasks", "sst,snli"), True)])
def test_only_naming_the_tasks_lets_the_command_fetch_theirs(
    monkeypatch, tmp_path, options, may_fetch
):
    asked = []

    def reproduce(request, *, say):
        del say
        asked.append(request)
        raise UsageError("enough")

    monkeypatch.setattr(reproduction, "reproduce", reproduce)
    CliRunner().invoke(cli.app, ["reproduce", "--out", str(tmp_path), *options])
    [request] = asked
    assert request.may_fetch is may_fetch
    assert "snli" in request.tasks


def test_a_folder_of_data_sets_is_looked_into_and_nothing_fetched(request_of, tmp_path):
    with pytest.raises(DataError, match=r"there is no data set or file 'imdb:.*aclImdb'"):
        prepare_documents(named_task("imdb"), request_of(data_dir=tmp_path, may_fetch=True))


def test_a_path_that_is_named_is_not_taken_for_the_catalog_s(request_of, tmp_path):
    other = tmp_path / "own.jsonl"
    write_documents(other, [Document(id="x", text="fine " * 9, split="test")])
    prepared = prepare_documents(
        named_task("imdb"), request_of(data={"imdb": f"jsonl:{other}"}, may_fetch=True)
    )
    assert prepared.source == f"jsonl:{other}"


def test_only_sets_with_the_texts_of_the_task_stand_in_for_its_place(request_of):
    assert {task.name: task.catalog for task in TASKS.values() if task.catalog} == {
        "imdb": "imdb",
        "snli": "snli",
    }
    for name in ("agnews", "sst"):
        with pytest.raises(UsageError, match=f"where the documents of {name} are"):
            prepare_documents(named_task(name), request_of(tasks=(name,), may_fetch=True))


def test_the_catalog_s_classes_are_those_of_the_task():
    for task in TASKS.values():
        if task.catalog is not None:
            assert catalog.show(task.catalog).classes == tuple(sorted(task.classes))
