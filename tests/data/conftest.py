"""Small files, small hubs, and the published data sets where they lie beside the checkout."""

import gzip
import json
import socket
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from attnaudit.data import catalog

PUBLISHED = Path(__file__).parents[2] / "../shared/data"


@pytest.fixture
def write(tmp_path):
    """Write a file (packed if its name ends in .gz) and return its path."""

    def write(name, content):
        data = content.encode() if isinstance(content, str) else content
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write


@pytest.fixture
def published():
    """The path of a published file or folder."""

    def published(name):
        path = PUBLISHED / name
        if not path.exists():
            pytest.skip(f"the published data set {name} is not beside the checkout")
        return path.resolve()

    return published


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The folder where the catalog keeps what it fetched."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("ATTNAUDIT_CACHE", str(folder))
    return folder


@pytest.fixture
def without_network(monkeypatch):
    """Nothing may be reached, not even by a library that swallows its own failures."""
    tried = []

    def refuse(*address):
        tried.append(address)
        raise OSError(f"a test reached out to {address}")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield
    assert tried == []


DTYPES = {int: "int64", float: "float64", str: "string"}


def card(configuration, features, files):
    """What stands above the text of a data set's card on the hub."""
    return {
        "dataset_info": {"config_name": configuration, "features": features},
        "configs": [
            {
                "config_name": configuration,
                "data_files": [{"split": split, "path": path} for split, path in files.items()],
            }
        ],
    }


@pytest.fixture
def lay(cache):
    """Lay out a repository of the hub as a copy made by hand, in Parquet."""

    def lay(name, splits, *, classes=None, configuration="plain_text"):
        folder = cache / "hub" / name
        (folder / configuration).mkdir(parents=True, exist_ok=True)
        for split, rows in splits.items():
            file = folder / configuration / f"{split}-00000-of-00001.parquet"
            pq.write_table(pa.Table.from_pylist(rows), file)
        first = next(iter(splits.values()))[0]
        features = [
            {"name": column, "dtype": DTYPES[type(value)]}
            for column, value in first.items()
            if column != "label" or classes is None
        ]
        if classes is not None:
            names = {str(number): name for number, name in enumerate(classes)}
            features.append({"name": "label", "dtype": {"class_label": {"names": names}}})
        files = {split: f"{configuration}/{split}-*" for split in splits}
        head = json.dumps(card(configuration, features, files))
        (folder / "README.md").write_text(f"---\n{head}\n---\n# A card\n")
        return folder

    return lay


@pytest.fixture
def small():
    """An entry of the catalog with other numbers of rows and documents."""

    def small(name, rows, counts):
        entry = catalog.show(name)
        repository = replace(entry.origin.repository, rows=rows)
        return replace(entry, origin=replace(entry.origin, repository=repository, counts=counts))

    return small
