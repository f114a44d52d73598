"""Documents as a reader of the registry gives them, from a file or from a folder as it stands."""

import pytest

from attnaudit.data.readers.documents import documents_from_rows
from attnaudit.data.readers.registry import READERS


@pytest.fixture
def documents_of():
    def documents_of(reader, path):
        rows = READERS[reader].read(path)
        return list(documents_from_rows(rows, path=path, stem="unnamed", columns={}, split=None))

    return documents_of
