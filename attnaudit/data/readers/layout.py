"""Published data sets as folders: what lies in them, and which split a name stands for."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from attnaudit.errors import DataError

_ORDER = ("train", "dev", "test")
_SHOWN = 8


def entries(folder: Path, *, root: Path) -> list[Path]:
    """What lies directly in a folder, by name; hidden entries are passed over.

    Args:
        folder: An existing folder.
        root: The folder that was named by the user: no link may lead out of it, because whatever
            is read ends up in a report.

    Returns:
        Files and folders.

    Raises:
        DataError: If the folder cannot be listed, or a link in it leads out of the root.
    """
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise DataError(
            f"{folder} cannot be listed: {error.strerror}. Name a folder you may read."
        ) from error
    inside = os.path.realpath(root)
    for path in found:
        if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(inside):
            raise DataError(
                f"{path} is a link that leads out of {root}, to {os.path.realpath(path)}. Put a "
                "copy in its place, or name the folder that really holds the data."
            )
    return found


def split_folders(folder: Path, spellings: Mapping[str, str]) -> list[tuple[Path, str | None]]:
    """The subfolders named for splits, or the folder itself, as no split, where there are none.

    Args:
        folder: An existing folder.
        spellings: Name of a subfolder to split.

    Returns:
        Folders with their splits, in the order train, dev, test.

    Raises:
        DataError: If the folder cannot be listed, or a link in it leads out of it.
    """
    found = [
        (path, spellings[path.name])
        for path in entries(folder, root=folder)
        if path.name in spellings and path.is_dir()
    ]
    if not found:
        return [(folder, None)]
    return [*sorted(found, key=lambda named: _ORDER.index(named[1]))]


def split_files(
    folder: Path, *, name: re.Pattern[str], spellings: Mapping[str, str]
) -> list[tuple[Path, str]]:
    """The files of a folder whose names tell their split; others are passed over.

    Args:
        folder: An existing folder.
        name: Matches a whole file name without `.gz`; its group "split" is the spelling.
        spellings: Spelling to split.

    Returns:
        Files with their splits, in the order train, dev, test, then by name.

    Raises:
        DataError: If the folder cannot be listed, a link in it leads out of it, or a file stands
            in it both packed and unpacked.
    """
    found: dict[str, tuple[Path, str]] = {}
    for path in entries(folder, root=folder):
        plain = path.name.removesuffix(".gz")
        matched = name.fullmatch(plain)
        if matched is None or not path.is_file():
            continue
        if plain in found:
            raise DataError(
                f"{folder} holds {plain!r} more than once (packed and unpacked). Remove one, or "
                "name the file to read."
            )
        found[plain] = (path, spellings[matched["split"]])
    return sorted(found.values(), key=lambda named: _ORDER.index(named[1]))


def holdings(folder: Path) -> str:
    """The first names in a folder, for messages.

    Args:
        folder: An existing folder.

    Returns:
        Up to eight names, or "nothing".
    """
    names = [path.name for path in sorted(folder.iterdir())]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}" or "nothing"
