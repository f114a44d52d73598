"""Documents as a JSON lines file."""

import gzip
from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from attnaudit.data.digest import document_line
from attnaudit.errors import DataError
from attnaudit.files import write_whole
from attnaudit.records import Document


def write_documents(path: str | PathLike[str], documents: Iterable[Document]) -> None:
    """Write documents so that `read_documents` gives them back equal.

    The file appears under its name only when it is whole; an older one is replaced.

    Args:
        path: A name ending in `.jsonl` or `.jsonl.gz`, in a folder that exists.
        documents: Documents; those of one file should have distinct ids.

    Raises:
        DataError: If the name has another ending.
        UsageError: If the folder cannot be written to.
    """
    path = Path(path)
    if not path.name.endswith((".jsonl", ".jsonl.gz")):
        raise DataError(f"{path} should end in .jsonl or .jsonl.gz. Choose such a name.")
    content = b"".join(map(document_line, documents))
    if path.suffix == ".gz":
        # No time of day inside, so equal documents give equal files.
        content = gzip.compress(content, mtime=0)
    write_whole(path, content)
