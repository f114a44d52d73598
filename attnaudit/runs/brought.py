"""What a model directory brings along: its documents, its claims, and what it was trained on.

Whoever made the directory may have put a link or a pipe where a small file should be, so every file
is opened as one of somebody else's. Nothing here imports torch.
"""

from collections.abc import Mapping
from pathlib import Path

from attnaudit.claims import ClaimSet, default_claims, load_claims
from attnaudit.data import read_documents, select_split
from attnaudit.data.audit_file import FILE_NAME, read_audit_file, read_audited_documents
from attnaudit.data.trained import MOST_TRAINED_BYTES, TRAINED_FILE, count_trained
from attnaudit.errors import ModelError, UsageError
from attnaudit.models.members import read_member
from attnaudit.models.sources import is_factory
from attnaudit.records import Document

CLAIMS_FILE = "claims.toml"

_MOST_BYTES = 2**20


def check_directory(path: Path) -> None:
    """Demand a directory with something in it.

    Raises:
        UsageError: Otherwise.
    """
    if not path.is_dir():
        raise UsageError(
            f"--model {path}: no such directory; name the folder that `attnaudit train` wrote, "
            "or a function as package.module:factory"
        )
    if not any(path.iterdir()):
        raise UsageError(f"--model {path}: the directory is empty; it should hold config.json")


def find_documents(
    source: str, *, data: str | None, columns: Mapping[str, str]
) -> tuple[tuple[Document, ...], str]:
    """The documents to audit a model on, and where they come from.

    Args:
        source: Directory or factory of the model.
        data: What the user names, which wins over what the directory names.
        columns: Which columns of `data` hold what.

    Raises:
        UsageError: If neither names any, or what is named cannot be read.
        MissingExtraError: If it is on a hub and the extra "datasets" is not installed.
    """
    if data is not None:
        return select_split(read_documents(data, columns=columns), "test"), data
    if is_factory(source):
        raise UsageError(f"--model {source} brings no documents; name them with --data")
    path = Path(source) / FILE_NAME
    if not _is_there(path):
        raise UsageError(
            f"--model {source} has no {FILE_NAME} that names its documents; name them with --data"
        )
    _read(path, most_bytes=_MOST_BYTES)
    audit_file = read_audit_file(path)
    found = read_audited_documents(audit_file, Path(source))
    return found, str(audit_file.data or audit_file.documents)


def find_claims(source: str, *, chosen: Path | None) -> ClaimSet:
    """The claims to judge a model by: the user's, else its own, else the package's.

    Args:
        source: Directory or factory of the model.
        chosen: The claims file that the user names.

    Raises:
        UsageError: If a file cannot be read or says something impossible.
    """
    if chosen is not None:
        return load_claims(chosen)
    own = Path(source) / CLAIMS_FILE
    if is_factory(source) or not _is_there(own):
        return default_claims()
    _read(own, most_bytes=_MOST_BYTES)
    return load_claims(own)


def count_trained_on(source: str, documents: tuple[Document, ...]) -> int | None:
    """How many documents a model was trained on, by their words.

    Args:
        source: Directory or factory of the model.
        documents: What it is audited on.

    Returns:
        None if the model does not say what it was trained on.

    Raises:
        UsageError: If it says so in a file that cannot be read.
        DataError: If the file is not what it should be.
    """
    path = Path(source) / TRAINED_FILE
    if is_factory(source) or not _is_there(path):
        return None
    content = _read(path, most_bytes=MOST_TRAINED_BYTES)
    return count_trained(content, documents, source=str(path))


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _read(path: Path, *, most_bytes: int) -> bytes:
    try:
        return read_member(path.parent, path.name, most_bytes=most_bytes)
    except ModelError as error:
        raise UsageError(str(error)) from error
