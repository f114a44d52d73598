"""The real library reads a repository, runs nothing of it, and its failures say what to do."""

import os
import subprocess
import sys

import pytest

from attnaudit.data.hub import Repository, fetch_splits
from attnaudit.errors import DataError, MissingExtraError

pytestmark = pytest.mark.usefixtures("without_network")

ROWS = [{"text": "one", "label": 1}, {"text": "two", "label": 0}]


@pytest.fixture
def splits_of(cache, tmp_path):
    def splits_of(configuration="plain_text"):
        repository = Repository(
            name="owner/name",
            revision="0" * 40,
            configuration=configuration,
            classes=("yes", "no"),
            rows={"train": 2},
        )
        return fetch_splits(repository, shelf=cache / "hub", folder=str(tmp_path / "tables"))

    return splits_of


def test_a_configuration_that_is_not_there_is_the_library_s_to_name(lay, splits_of):
    lay("owner/name", {"train": ROWS}, configuration="other")
    with pytest.raises(DataError, match="BuilderConfig 'plain_text' not found"):
        splits_of()


def test_a_file_that_is_cut_off_is_refused(lay, splits_of):
    folder = lay("owner/name", {"train": ROWS})
    [file] = folder.rglob("*.parquet")
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(DataError, match=r"could not be read\. The library datasets said"):
        splits_of()


def test_other_formats_than_plain_tables_are_refused_unread(cache, splits_of):
    folder = cache / "hub/owner/name"
    folder.mkdir(parents=True)
    (folder / "train.txt").write_text("one\ntwo\nthree\n")
    with pytest.raises(DataError, match="in the format 'text'; only parquet, json, csv are read"):
        splits_of(configuration=None)


def test_a_repository_with_a_script_is_refused_and_the_script_never_run(lay, splits_of, tmp_path):
    ran = tmp_path / "ran"
    folder = lay("owner/name", {"train": ROWS})
    (folder / "name.py").write_text(f"open({str(ran)!r}, 'w')\n")
    with pytest.raises(DataError, match=r"scripts are no longer supported, but found name\.py"):
        splits_of()
    assert not ran.exists()


def test_a_folder_of_the_same_name_does_not_stand_in_for_the_hub_s(
    lay, splits_of, monkeypatch, tmp_path
):
    folder = lay("owner/name", {"train": ROWS})
    (tmp_path / "here" / "owner").mkdir(parents=True)
    folder.rename(tmp_path / "here" / "owner" / "name")
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(DataError, match="here/owner/name would be read in place of the hub's") as e:
        splits_of()
    assert f"move it to {folder}" in str(e.value)


def test_a_copy_in_the_cache_is_read_whatever_stands_in_the_working_directory(
    lay, splits_of, monkeypatch, tmp_path
):
    lay("owner/name", {"train": ROWS})
    (tmp_path / "here" / "owner" / "name").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    assert splits_of()["train"]["text"][:] == ["one", "two"]


@pytest.mark.parametrize("outside", ["{secret}", "../../../../secret.jsonl", "link.jsonl"])
def test_a_card_that_leads_out_of_its_copy_is_refused_and_nothing_read(
    lay, splits_of, tmp_path, outside
):
    secret = tmp_path / "secret.jsonl"
    secret.write_text('{"text": "one", "label": 1}\n')
    folder = lay("owner/name", {"train": ROWS})
    (folder / "link.jsonl").symlink_to(secret)
    named = outside.format(secret=secret)
    (folder / "README.md").write_text(
        f"---\nconfigs: [{{config_name: plain_text, data_files: {named}}}]\n---\n"
    )
    with pytest.raises(DataError, match=r"names .* as its data, which is no file of it"):
        splits_of()
    assert list((tmp_path / "tables").rglob("*.arrow")) == []


def test_without_the_library_the_extra_is_named(splits_of, monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(
        MissingExtraError, match=r"datasets, .* pip install 'attnaudit\[datasets\]'"
    ):
        splits_of()


def test_knowing_the_catalog_does_not_import_the_library():
    code = (
        "import sys\n"
        "from attnaudit.data import catalog\n"
        "catalog.show('imdb'), catalog.is_cached('imdb')\n"
        "sys.exit('datasets' in sys.modules or 'pandas' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_offline_and_without_a_copy_the_way_out_is_told(cache, monkeypatch):
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(cache / "empty"))
    command = [sys.executable, "-m", "attnaudit.cli", "data", "get", "imdb"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "stanfordnlp/imdb at commit e6281661ce1c48d982bc483cf8a173c1bbeb5d31" in done.stderr
    assert "ConnectionError: Couldn't reach" in done.stderr
    assert f"put a copy of that commit of the hub's repository into {cache / 'hub'}" in done.stderr
    assert list(cache.rglob("documents.jsonl")) == []


REPORTING = """
import os, sys, huggingface_hub, datasets
from attnaudit.data.hub_library import hub_library
before = dict(os.environ)
counts = lambda: datasets.config.HF_UPDATE_DOWNLOAD_COUNTS
silent = lambda: huggingface_hub.constants.HF_HUB_DISABLE_TELEMETRY
states = [(counts(), silent())]
with hub_library():
    states.append((counts(), silent()))
states.append((counts(), silent()))
print(states, os.environ == before)
"""


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, [(True, False), (False, True), (True, False)]),
        ({"HF_UPDATE_DOWNLOAD_COUNTS": "1", "HF_HUB_DISABLE_TELEMETRY": "0"}, [(True, False)] * 3),
    ],
)
def test_a_library_imported_before_reports_nothing_meanwhile_unless_the_environment_wants_it(
    environment, expected
):
    names = ("HF_UPDATE_DOWNLOAD_COUNTS", "DISABLE_TELEMETRY", "DO_NOT_TRACK", "HF_HUB_OFFLINE")
    kept = {name: value for name, value in os.environ.items() if not name.endswith(names)}
    done = subprocess.run(
        [sys.executable, "-c", REPORTING],
        env=kept | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{expected} True\n"


def test_the_library_s_bars_are_hidden_where_nobody_looks_and_left_as_they_were(
    lay, splits_of, capfd
):
    import datasets  # noqa: PLC0415  # after what blocks the network

    lay("owner/name", {"train": ROWS})
    before = datasets.are_progress_bars_disabled()
    splits_of()
    assert datasets.are_progress_bars_disabled() == before
    assert "Generating" not in capfd.readouterr().err
