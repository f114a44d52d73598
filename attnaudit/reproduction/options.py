"""Texts of the command line that name a task each."""

from collections.abc import Sequence

from attnaudit.errors import UsageError


def parse_seeds(text: str, tasks: Sequence[str]) -> dict[str, int]:
    """Seeds per task from a text like "1,sst=3": one for every task, three for sst.

    Args:
        text: Numbers, separated by commas, each for all tasks or after a task's name and "=".
        tasks: The tasks that a number without a name is for.

    Raises:
        UsageError: If it has another form.

    Example:
        >>> parse_seeds("1,sst=3", ["sst", "agnews"])
        {'sst': 3, 'agnews': 1}
    """
    found: dict[str, int] = {}
    for part in text.split(","):
        name, equals, number = part.rpartition("=")
        if not number.strip().isdecimal():
            raise UsageError(
                f"--seeds {text}: {part!r} is no number of seeds; write N, or N,TASK=N for some "
                "tasks with another number."
            )
        count = int(number)
        found |= {name.strip(): count} if equals else dict.fromkeys(tasks, count)
    return found


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
