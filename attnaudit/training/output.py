"""The folder a training writes to: begun, gone on with, or finished, and by which options."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from attnaudit.errors import UsageError
from attnaudit.files import write_whole
from attnaudit.models.configuration import CONFIGURATION_FILE
from attnaudit.training.report import FILE_NAME, TrainingReport

_WORKING = ".training"
_IDENTITY = "identity.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """What must be the same for a training to be gone on with.

    Attributes:
        options: Every option by its name.
        digests: sha256 of each split's documents, and of the word vectors or the
            pretrained network if there is one.
    """

    options: Mapping[str, object]
    digests: Mapping[str, str]


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
        held = FileLock(working / "lock", blocking=False).acquire()
    except Timeout as error:
        raise UsageError(
            f"another process is training in {out}. Wait for it, or choose another --out."
        ) from error
    except OSError as error:
        raise UsageError(
            f"--out {out} cannot be written to: {error.strerror}. Choose another folder."
        ) from error
    with held:
        write_whole(working / _IDENTITY, json.dumps(asdict(identity), indent=2).encode())
        yield working
        shutil.rmtree(working)


def finished_report(out: Path, identity: Identity) -> TrainingReport | None:
    """The report of the finished training in `out`, or None if there is none yet.

    Raises:
        UsageError: If it was another training.
    """
    if not (out / FILE_NAME).exists() or not (out / CONFIGURATION_FILE).exists():
        return None
    report = TrainingReport.read(out / FILE_NAME)
    _check_same(Identity(options=report.options, digests=report.digests), identity, out)
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
            found = Identity(**json.loads(begun.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise UsageError(
                f"{begun} says of no training what it was ({error}). Choose another --out."
            ) from error
        _check_same(found, identity, out)
        return
    others = sorted(item.name for item in out.iterdir() if item.name != _WORKING)
    if others:
        raise UsageError(
            f"--out {out} already holds {', '.join(others[:4])}, and is no unfinished training. "
            "Choose a folder that is empty or does not exist."
        )


def _check_same(found: Identity, wanted: Identity, out: Path) -> None:
    for what, before, now in (
        ("--{}", found.options, wanted.options),
        ("content of {}", found.digests, wanted.digests),
    ):
        for key in sorted({*before, *now}):
            if before.get(key) != now.get(key):
                raise UsageError(
                    f"--out {out} holds a training with another "
                    f"{what.format(key.replace('_', '-'))}: {before.get(key)!r:.60} there, "
                    f"{now.get(key)!r:.60} now. Choose another --out, or remove that folder."
                )
