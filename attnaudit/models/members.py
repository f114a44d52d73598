"""Files of a model directory, which may be hostile: nothing outside it is ever opened."""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from attnaudit.errors import ModelError

_PICKLE_SUFFIXES = frozenset({".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt"})


def open_member(directory: Path, name: str) -> BinaryIO:
    """Open the regular file `name` that really lies in `directory`.

    Args:
        directory: A model directory.
        name: Name of a file directly in it.

    Returns:
        The file, opened for reading bytes.

    Raises:
        ModelError: If the directory is missing, empty or holds only pickles, or if the file is
            missing, unreadable, not a regular file, or a link that leads out of the directory.
    """
    _check_directory(directory)
    member = directory / name
    if not member.exists() and not member.is_symlink():
        _check_pickles(directory)
        raise ModelError(
            f"{directory} has no {name}. A model directory holds config.json, model.safetensors "
            "and vocabulary.json."
        )
    # Unlike Path.resolve, realpath does not raise at a loop of links on Python 3.11 and 3.12.
    if not Path(os.path.realpath(member)).is_relative_to(os.path.realpath(directory)):
        raise ModelError(
            f"{name} of {directory} is a link to a file outside that directory, which is never "
            "followed. Put a copy of the file in its place."
        )
    try:
        if not stat.S_ISREG(member.stat().st_mode):
            raise ModelError(f"{name} of {directory} is not a regular file. Export it again.")
        return member.open("rb")
    except OSError as error:
        raise ModelError(
            f"{name} of {directory} cannot be opened: {error.strerror}. Check its permissions."
        ) from error


def read_member(directory: Path, name: str, *, most_bytes: int) -> bytes:
    """Content of a small file of `directory`.

    Args:
        directory: A model directory.
        name: Name of a file directly in it.
        most_bytes: A larger file is refused unread.

    Returns:
        Its content, at least one byte.

    Raises:
        ModelError: As `open_member`; also if the file is empty or too large.
    """
    with open_member(directory, name) as file:
        content = file.read(most_bytes + 1)
    if not content:
        raise ModelError(f"{name} of {directory} is empty. Export the model again.")
    if len(content) > most_bytes:
        raise ModelError(
            f"{name} of {directory} has more than {most_bytes:,} bytes, the most that is read. "
            "Check that it is the right file."
        )
    return content


def _check_directory(directory: Path) -> None:
    if not directory.exists():
        raise ModelError(f"there is no model directory {directory}. Check the path.")
    if not directory.is_dir():
        raise ModelError(
            f"{directory} is a file, and a model is a directory with config.json, "
            "model.safetensors and vocabulary.json. Pass the directory."
        )
    if not any(directory.iterdir()):
        raise ModelError(f"the model directory {directory} is empty. Export a model into it.")


def _check_pickles(directory: Path) -> None:
    names = sorted(each.name for each in directory.iterdir())
    pickles = [name for name in names if Path(name).suffix.lower() in _PICKLE_SUFFIXES]
    if pickles and not any(name.endswith(".safetensors") for name in names):
        raise ModelError(
            f"{directory} has its weights only as {', '.join(pickles)}. Opening a pickle can run "
            "any code, so none is ever read. Convert it where you trust it: load the state dict "
            "with torch.load(..., weights_only=True), then safetensors.torch.save_file(state, "
            "'model.safetensors')."
        )
