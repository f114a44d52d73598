"""Which model of a run a command is about."""

from attnaudit.errors import UsageError
from attnaudit.runs.stored import StoredRun


def chosen_model(stored: StoredRun, name: str | None) -> str:
    """The model of that name, or the run's only one.

    Raises:
        UsageError: If there is none of that name, or none is named and there are several.
    """
    names = sorted({entry.name for entry in stored.run.models})
    if name is None and len(names) == 1:
        return names[0]
    if name is not None and name in names:
        return name
    known = ", ".join(names) or "none"
    asked = "name one with --model" if name is None else f"{name!r} is none of them"
    raise UsageError(f"the models that were measured in {stored.place} are {known}; {asked}")
