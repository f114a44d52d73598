"""Small files, and the published data sets where they lie beside the checkout."""

import gzip
from pathlib import Path

import pytest

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
