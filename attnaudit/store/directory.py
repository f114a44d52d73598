"""The run directory: documents, measurements, locks and run.json."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from filelock import BaseFileLock, FileLock

from attnaudit.errors import UsageError
from attnaudit.store.parts import DOCUMENTS, VALUES, Parts

KEY_LENGTH = 16
"""Hexadecimal digits of a key in a file name: 64 bits, ample for the files of one directory."""


@dataclass(frozen=True, slots=True)
class RunDirectory:
    """Where one run keeps what it measured, shared by all its workers."""

    path: Path

    @property
    def run_file(self) -> Path:
        """The file that the controlling process writes at the end."""
        return self.path / "run.json"

    def documents(self, key: str) -> Parts:
        """The documents of one model at one site."""
        folder, short = self.path / "documents", key[:KEY_LENGTH]
        return Parts(folder, f"part-{short}-", folder / f"{short}.json", DOCUMENTS)

    def measurement(self, key: str) -> Parts:
        """The values of one measurement."""
        folder = self.path / "measurements" / key[:KEY_LENGTH]
        return Parts(folder, "part-", folder / "measurement.json", VALUES)

    def lock(self, key: str) -> BaseFileLock:
        """Held while `key` is computed; the system releases it if its holder dies."""
        folder = self.path / ".locks"
        folder.mkdir(parents=True, exist_ok=True)
        return FileLock(folder / f"{key[:KEY_LENGTH]}.lock")


def create_run_directory(path: Path) -> RunDirectory:
    """The run directory at `path`, made where it is missing.

    Raises:
        UsageError: If it cannot be written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise UsageError(
            f"the report directory {path} cannot be written ({error.strerror}); "
            "name a folder you may write with --attn-report"
        ) from error
    return RunDirectory(path)
