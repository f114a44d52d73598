"""Files that appear whole or not at all."""

from pathlib import Path
from uuid import uuid4

from attnaudit.errors import UsageError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name in its folder, then rename it.

    Args:
        path: Where it shall be; its folder exists. An older file of that name is replaced.
        content: All bytes of it.

    Raises:
        UsageError: If the folder cannot be written to. Nothing is left behind then.
    """
    partial = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}. Choose a folder you may write to."
        ) from error
    finally:
        partial.unlink(missing_ok=True)
