"""Texts of the command line that name a task each."""

from collections.abc import Sequence

from attnaudit.errors import UsageError


def parse_seeds(text: str, tasks: Sequence[str]) -> dict[str, int]:
    """Seeds per task from a text like "1,sst=3": three for sst, one for every other task.

    Args:
        text: Parted by commas, in any order: a number for all tasks that are not named, and numbers
            after a task's name and "=".
        tasks: The tasks that are asked for.

    Raises:
        UsageError: If it has another form, says something twice, or names a task not asked for.

    Example:
        >>> parse_seeds("1,sst=3", ["sst", "agnews"])
        {'sst': 3, 'agnews': 1}
    """
    found: dict[str | None, int] = {}
    for part in text.split(","):
        before, equals, number = part.rpartition("=")
        name = before.strip() if equals else None
        if not number.strip().isdecimal():
            raise UsageError(
                f"--seeds {text}: {part!r} is no number of seeds; write N, or N,TASK=N for some "
                "tasks with another number."
            )
        if name in found:
            raise UsageError(
                f"--seeds {text} gives {'all tasks' if name is None else name} a number twice; "
                "keep one of them."
            )
        if name is not None and name not in tasks:
            raise UsageError(
                f"--seeds {text} names {name!r}, which is not among --tasks {','.join(tasks)}; add "
                "it there, or leave it out here."
            )
        found[name] = int(number)
    others = found.get(None)
    return {task: count for task in tasks if (count := found.get(task, others)) is not None}


def parse_data(pairs: Sequence[str]) -> dict[str, str]:
    """Sources by task from texts like "sst=PATH".

    Raises:
        UsageError: If one has another form, or a task is named twice.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, source = pair.partition("=")
        if not equals or not source or name in found:
            raise UsageError(f"--data {pair}: write TASK=PATH or TASK=READER:PATH, each task once.")
        found[name] = source
    return found
