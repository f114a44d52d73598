"""The digest of a source tells whatever is changed in it."""

import hashlib

import pytest

from attnaudit.data import catalog
from attnaudit.reproduction.origin import origin_digest


@pytest.fixture
def folder(tmp_path):
    inner = tmp_path / "set" / "inner"
    inner.mkdir(parents=True)
    (inner.parent / "one.txt").write_text("1")
    (inner / "two.txt").write_text("2")
    return inner.parent


def test_a_file_has_the_digest_that_everybody_computes_with_or_without_its_reader(folder):
    path = folder / "one.txt"
    expected = hashlib.sha256(b"1").hexdigest()
    assert origin_digest(str(path)) == origin_digest(f"jsonl:{path}") == expected


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "inner" / "two.txt").write_text("3"),
        lambda folder: (folder / "inner" / "two.txt").rename(folder / "two.txt"),
        lambda folder: (folder / "one.txt").unlink(),
        lambda folder: (folder / "empty.txt").touch(),
    ],
    ids=["content", "name", "fewer", "more"],
)
def test_a_folder_has_another_digest_after_every_change(folder, change):
    before = origin_digest(f"babi-1:{folder}")
    assert origin_digest(f"babi-1:{folder}") == before
    change(folder)
    assert origin_digest(f"babi-1:{folder}") != before


def test_a_name_of_the_catalog_has_the_pinned_digest():
    assert origin_digest("20news-sports") == catalog.show("20news-sports").sha256


def test_of_what_is_gone_nothing_is_said(tmp_path):
    assert origin_digest(str(tmp_path / "gone")) is None
