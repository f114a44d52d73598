"""The folder a training writes to: begun, gone on with, or finished, and by which options."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from attnaudit.data.write import write_whole
from attnaudit.errors import UsageError
from attnaudit.models.configuration import CONFIGURATION_FILE
from attnaudit.training.report import FILE_NAME, TrainingReport

_WORKING = ".training"
_IDENTITY = "identity.json"

Identity = Mapping[str, Mapping[str, object]]
"""What must be the same for a training to be gone on with: options and digests."""


@contextmanager
def working_directory(out: Path, identity: Identity) -> Iterator[Path]:
    """The folder inside `out` for what is only needed until the training is finished.

    It is removed if the block ends without an error, and kept for the next attempt if not.

    Args:
        out: Where the model shall be, made if need be.
        identity: Which training this is.

    Yields:
        The folder. It holds what an earlier, interrupted training of that identity left.

    Raises:
        UsageError: If `out` holds anything else or cannot be written to, or another process is
            training there.
    """
    _check_unused(out, identity)
    working = out / _WORKING
    try:
        working.mkdir(parents=True, exist_ok=True)
        lock = FileLock(working / "lock", blocking=False)
        with lock:
            write_whole(working / _IDENTITY, json.dumps(identity, indent=2).encode())
            yield working
            shutil.rmtree(working)
    except Timeout as error:
        raise UsageError(
            f"another process is training in {out}. Wait for it, or choose another --out."
        ) from error
    except PermissionError as error:
        raise UsageError(f"{out} cannot be written to: {error.strerror}.") from error


def finished_report(out: Path, identity: Identity) -> TrainingReport | None:
    """The report of the finished training in `out`, or None if there is none yet.

    Raises:
        UsageError: If it was another training.
    """
    if not (out / FILE_NAME).exists() or not (out / CONFIGURATION_FILE).exists():
        return None
    report = TrainingReport.read(out / FILE_NAME)
    _check_same({"options": report.options, "digests": report.digests}, identity, out)
    shutil.rmtree(out / _WORKING, ignore_errors=True)
    return report


def _check_unused(out: Path, identity: Identity) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise UsageError(f"--out {out} is a file. Name a folder, existing or not.")
    begun = out / _WORKING / _IDENTITY
    if begun.exists():
        try:
            found = json.loads(begun.read_text(encoding="utf-8"))
        except ValueError as error:
            raise UsageError(f"{begun} is not JSON ({error}). Choose another --out.") from error
        _check_same(found, identity, out)
        return
    others = sorted(item.name for item in out.iterdir() if item.name != _WORKING)
    if others:
        raise UsageError(
            f"--out {out} already holds {', '.join(others[:4])}, and is no unfinished training. "
            "Choose a folder that is empty or does not exist."
        )


def _check_same(found: Identity, wanted: Identity, out: Path) -> None:
    for part in wanted:
        for key in sorted({*found[part], *wanted[part]}):
            before, now = found[part].get(key), wanted[part].get(key)
            if before != now:
                name = key.replace("_", "-") if part == "options" else f"content of {key}"
                raise UsageError(
                    f"--out {out} holds a training with another {name}: {before!r:.60} there, "
                    f"{now!r:.60} now. Choose another --out, or remove that folder."
                )
