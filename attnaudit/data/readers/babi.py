"""bAbI tasks: which files a path stands for. The stories in them are read by `babi_stories`."""

import re
from collections.abc import Iterator
from pathlib import Path

from attnaudit.data.readers.babi_stories import questions
from attnaudit.data.readers.layout import holdings, split_files
from attnaudit.data.readers.row import Row
from attnaudit.errors import DataError

_NAME = re.compile(r"qa(?P<task>[0-9]+)_(?:.+_)?(?P<split>train|valid|test)\.txt")
_SPLITS = {"train": "train", "valid": "dev", "test": "test"}


def read_babi(path: Path, *, task: int | None = None) -> Iterator[Row]:
    """The questions of one task, each with the story so far.

    In a folder, the files called qa<task>_<name>_<train, valid or test>.txt are read, and their
    names tell the split; a single file has none.

    Args:
        path: A file of the tasks v1.2, `.gz` or not, or a folder with them.
        task: The number of the task to read, or None where there is only one.

    Yields:
        One row per question: see `questions`.

    Raises:
        DataError: If a folder holds no such file or several tasks of which none is chosen, a file
            is of another task, or a line is not in the published format.

    Source:
        Weston et al. (2015), tasks v1.2. Jain & Wallace (2019) use tasks 1 to 3 of en-10k.
    """
    if path.is_dir():
        for number, (file, split, row) in enumerate(_all_questions(path, task), start=1):
            yield Row(number, f"{file.name}, {row.where}", {**row.values, "split": split})
        return
    named = _NAME.fullmatch(_plain(path))
    if task is not None and named is not None and int(named["task"]) != task:
        raise DataError(
            f"{path} is a file of task {int(named['task'])}, not of task {task}. "
            f"Name it as babi:{path}."
        )
    yield from questions(path)


def _all_questions(folder: Path, task: int | None) -> Iterator[tuple[Path, str, Row]]:
    files = split_files(folder, name=_NAME, spellings=_SPLITS)
    tasks = sorted({_task(file) for file, _ in files})
    wanted = tasks if task is None else [task]
    chosen = [(file, split) for file, split in files if _task(file) in wanted]
    if not chosen:
        of_task = "a bAbI task" if task is None else f"bAbI task {task}"
        raise DataError(
            f"{folder} has no file of {of_task}; it holds {holdings(folder)}. Name a folder with "
            f"files like qa{task or 1}_NAME_train.txt and qa{task or 1}_NAME_test.txt, for example "
            "en-10k, or one file."
        )
    if len(wanted) > 1:
        raise DataError(
            f"{folder} holds the tasks {', '.join(map(str, tasks))}, which are different problems. "
            f"Name one of the first three as babi-1:{folder}, babi-2:... or babi-3:..., or as "
            "babi:PATH one file or a folder with the files of one task."
        )
    for file, split in chosen:
        for row in questions(file):
            yield file, split, row


def _task(file: Path) -> int:
    named = _NAME.fullmatch(_plain(file))
    return int(named["task"]) if named else 0


def _plain(path: Path) -> str:
    return path.name.removesuffix(".gz")
