"""Where documents come from, and what lies there, so that a change of it is noticed."""

import hashlib
from pathlib import Path

from attnaudit.data import catalog
from attnaudit.data.readers.registry import READERS
from attnaudit.errors import UsageError
from attnaudit.reproduction.request import Request
from attnaudit.reproduction.tasks import Task


def source_of(task: Task, request: Request) -> str:
    """Where the documents of a task come from, as `attnaudit train --data` names it.

    Args:
        task: The task.
        request: Names a source of it or a folder of data sets, or names the task itself, which is
            enough where the catalog has its documents.

    Raises:
        UsageError: If it does none of these, and the task has no place but the catalog.
    """
    source = request.data.get(task.name)
    if source is not None:
        # A reader that reads folders has to be named; a table is known by its ending.
        known = ":" in source or task.reader == "csv" or source == task.catalog
        return source if known else f"{task.reader}:{source}"
    if task.place is None:
        return task.name
    if request.data_dir is None:
        if request.may_fetch and task.catalog is not None:
            return task.catalog
        raise UsageError(_unplaced(task))
    place = request.data_dir / task.place
    packed = place.with_name(f"{place.name}.gz")
    found = packed if packed.exists() and not place.exists() else place
    return str(found) if task.reader == "csv" else f"{task.reader}:{found}"


def origin_digest(source: str) -> str | None:
    """Sha256 of the file that a source names, or of the names and contents below its folder.

    Args:
        source: As for `attnaudit train --data`: a name of the catalog, a path, or READER:PATH.

    Returns:
        64 hexadecimal digits; None if nothing is there, so that nothing can be said of it.
    """
    if source in catalog.names():
        return catalog.digest(source)
    prefix, colon, rest = source.partition(":")
    path = Path(rest if colon and prefix in READERS else source)
    if path.is_file():
        return _file_digest(path)
    if not path.is_dir():
        return None
    whole = hashlib.sha256()
    for file in sorted(one for one in path.rglob("*") if one.is_file()):
        # No name holds a zero byte, so no two folders give the same bytes.
        whole.update(f"{file.relative_to(path).as_posix()}\0{_file_digest(file)}\0".encode())
    return whole.hexdigest()


def _unplaced(task: Task) -> str:
    message = (
        f"it is not known where the documents of {task.name} are. Name them with --data "
        f"{task.name}=PATH, or a folder that holds {task.place} with --data-dir."
    )
    if task.catalog is not None:
        message += f" To fetch them from the hub, write --data {task.name}={task.catalog}."
    return message


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
