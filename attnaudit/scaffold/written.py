"""New files in somebody's repository: all of them or none, and never in the place of another."""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

from attnaudit.errors import UsageError


def write_scaffold(directory: Path, files: Mapping[PurePosixPath, bytes]) -> tuple[Path, ...]:
    """Write files that are not there yet.

    Args:
        directory: Root of the repository; it and folders in it are made where they are missing.
        files: Content by path in the repository.

    Returns:
        Their paths, in the order given.

    Raises:
        UsageError: If any of them is there already or cannot be written. Nothing is left behind
            then.
    """
    taken = [str(name) for name in files if os.path.lexists(directory / name)]
    if taken:
        raise UsageError(
            f"{directory} already has {', '.join(taken)}, which would be overwritten; move them "
            "away, or name another folder. Nothing was written"
        )
    with ExitStack() as undo:
        for name, content in files.items():
            _make_folders((directory / name).parent, undo)
            _write_new(directory / name, content, undo)
        undo.pop_all()
    return tuple(directory / name for name in files)


def _make_folders(folder: Path, undo: ExitStack) -> None:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        try:
            path.mkdir()
        except OSError as error:
            raise _refused(path, error) from error
        undo.callback(path.rmdir)


def _write_new(path: Path, content: bytes, undo: ExitStack) -> None:
    try:
        # Only a file that is not there is opened, also if another program was faster.
        with path.open("xb") as file:
            undo.callback(path.unlink)
            file.write(content)
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{path} cannot be written: {error.strerror}. Nothing was written; name a folder you may "
        "write to"
    )
