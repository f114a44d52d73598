"""The documents that all measurements of a run are about.

Where documents are drawn until a claim is decided, claims end at different documents. What shows
several measurements of one document beside each other needs documents that have them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from attnaudit.store.directory import RunDirectory
from attnaudit.store.first import Look, first_parts, looks_of
from attnaudit.store.how_read import how_read
from attnaudit.store.parts import Parts
from attnaudit.store.run import ModelEntry, Run


@dataclass(frozen=True, slots=True)
class CommonDirectory(RunDirectory):
    """A run directory of which only the first parts of some tables are seen.

    Attributes:
        counts: How many parts, by key; all of a table that is not named.
    """

    counts: Mapping[str, int]

    def documents(self, key: str) -> Parts:
        """The documents of one model at one site."""
        return first_parts(RunDirectory.documents(self, key), self.counts.get(key))

    def measurement(self, key: str) -> Parts:
        """The values of one measurement."""
        return first_parts(RunDirectory.measurement(self, key), self.counts.get(key))


def common_documents(run: Run, directory: RunDirectory) -> tuple[Run, RunDirectory]:
    """The run as if each model had been shown no document that a claim about it did not need.

    Decisions stay what they are. A run whose documents were not drawn in blocks is left as it is.

    Args:
        run: What was decided.
        directory: Where it keeps what it measured.
    """
    if run.settings.first_block is None:
        return run, directory
    counts: dict[str, int] = {}
    entries: list[ModelEntry] = []
    for entry in run.models:
        look = _fewest(entry, directory)
        if look is None:
            entries.append(entry)
            continue
        keys = (entry.documents_key, *entry.measurements.values())
        counts |= dict.fromkeys(keys, look.parts)
        entries.append(_as_of(entry, look, directory))
    common = run.model_copy(update={"models": tuple(entries)})
    return common, CommonDirectory(directory.path, counts)


def _fewest(entry: ModelEntry, directory: RunDirectory) -> Look | None:
    """The last look that all measurements of a model have had."""
    last = [
        looks[-1]
        for key in entry.measurements.values()
        if (looks := looks_of(directory.measurement(key).finished() or {}))
    ]
    return min(last, key=lambda look: look.drawn, default=None)


def _as_of(entry: ModelEntry, look: Look, directory: RunDirectory) -> ModelEntry:
    read = how_read(first_parts(directory.documents(entry.documents_key), look.parts))
    documents = entry.documents.model_copy(
        update={"n": read.n, "skipped": read.skipped, "truncated": read.truncated}
    )
    return entry.model_copy(update={"documents": documents, "special_mass": read.special_mass})
