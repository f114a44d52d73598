"""A set without a pinned digest has that of its first fetch from then on."""

import json
import shutil
import subprocess
from dataclasses import replace

import pytest

from attnaudit.data import catalog
from attnaudit.errors import DataError

pytestmark = pytest.mark.usefixtures("without_network")

REVIEWS = [{"text": "dull", "label": 0}, {"text": "great", "label": 1}]


@pytest.fixture
def fetched(lay, small):
    """A set of the hub that was fetched once from a copy that can change."""
    folder = lay("stanfordnlp/imdb", {"train": REVIEWS}, classes=("neg", "pos"))
    entry = small("imdb", {"train": 2}, {"train": 2})
    return entry, catalog.fetch(entry), folder


def change(folder, **fields):
    table = folder / "changed"
    table.mkdir()
    rows = [{**REVIEWS[0], **fields}, REVIEWS[1]]
    (table / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "README.md").write_text(
        "---\nconfigs: [{config_name: plain_text, data_files: changed/train.jsonl}]\n---\n"
    )


def test_what_was_fetched_is_kept_and_not_read_again(fetched):
    entry, path, folder = fetched
    before = path.read_bytes()
    change(folder, text="other words")
    assert catalog.fetch(entry) == path
    assert path.read_bytes() == before


def test_a_damaged_copy_is_made_again_as_it_was(fetched):
    entry, path, _ = fetched
    before = path.read_bytes()
    path.write_bytes(before[:-3])
    assert catalog.fetch(entry) == path
    assert path.read_bytes() == before


def test_a_set_that_changed_since_the_first_fetch_is_refused_until_somebody_accepts_it(fetched):
    entry, path, folder = fetched
    path.unlink()
    change(folder, text="other words")
    record = path.with_name("documents.sha256")
    with pytest.raises(DataError, match=r"when it was first fetched, .*\.sha256 recorded"):
        catalog.fetch(entry)
    assert not path.exists()
    record.unlink()
    assert "other words" in catalog.fetch(entry).read_text("utf-8")


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_the_record_is_one_that_sha256sum_checks(fetched):
    _, path, _ = fetched
    check = ["sha256sum", "--check", "--strict", "documents.sha256"]
    assert subprocess.run(check, cwd=path.parent, check=False).returncode == 0
    path.write_bytes(path.read_bytes() + b"\n")
    assert subprocess.run(check, cwd=path.parent, check=False).returncode == 1


@pytest.mark.parametrize("content", [b"", b"sha256\n", b"\xff" * 81, b"A" * 64 + b"  x\n"])
def test_a_record_that_says_nothing_is_named(fetched, content):
    entry, path, _ = fetched
    record = path.with_name("documents.sha256")
    record.write_bytes(content)
    with pytest.raises(DataError, match=r"documents\.sha256 should hold the sha256") as caught:
        catalog.fetch(entry)
    assert "remove it to accept what is fetched next" in str(caught.value)


def test_another_commit_is_another_edition_with_a_record_of_its_own(fetched, lay):
    entry, path, _ = fetched
    repository = replace(entry.origin.repository, revision="1" * 40)
    newer = replace(entry, origin=replace(entry.origin, repository=repository))
    lay("stanfordnlp/imdb", {"train": REVIEWS[::-1]}, classes=("neg", "pos"))
    assert catalog.fetch(newer) != path
    assert catalog.fetch(entry) == path


def test_the_digest_of_a_hub_set_is_known_from_its_first_fetch_on(fetched):
    _, path, _ = fetched
    assert catalog.digest("imdb") == path.with_name("documents.sha256").read_text("utf-8")[:64]
    assert catalog.is_cached("imdb")
    assert catalog.digest("snli") is None
    assert catalog.digest("20news-sports") == catalog.show("20news-sports").sha256
