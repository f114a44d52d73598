"""The chosen documents of one model, each read once whatever it is shown for."""

from attnaudit.reports.html.chosen import Chosen
from attnaudit.reports.html.documents import Card, card
from attnaudit.reports.html.stored_rows import read_rows, read_witnesses
from attnaudit.reports.known import ADVERSARY
from attnaudit.store.directory import RunDirectory
from attnaudit.store.run import ModelEntry


class Cards:
    """Cards of the documents of one model at one site."""

    def __init__(self, entry: ModelEntry, directory: RunDirectory, indices: set[int]) -> None:
        """Read some documents, and what was found for them.

        Args:
            entry: A model of the run.
            directory: Where the run keeps what it measured.
            indices: Which documents, counted without those that were left out.
        """
        self._classes = entry.classes
        self._rows = read_rows(directory.documents(entry.documents_key), indices)
        measured = {label: directory.measurement(key) for label, key in entry.measurements.items()}
        self._witnesses = {
            label: read_witnesses(values, indices)
            for label, values in measured.items()
            if (values.finished() or {}).get("audit") == ADVERSARY
        }

    def of(self, chosen: Chosen) -> tuple[Card, ...]:
        """The documents of an exhibit.

        An adversary's exhibit has its own witnesses, any other those of the first adversary.

        Args:
            chosen: The exhibit with its documents, of those that were read.

        Raises:
            InternalError: If a witness is not one of its document.
        """
        first = next(iter(self._witnesses), "")
        own = chosen.exhibit.measurement
        witnesses = self._witnesses.get(own if own in self._witnesses else first, {})
        return tuple(
            card(
                self._rows[index],
                witnesses.get(index),
                value=value.number,
                undefined=value.undefined,
                classes=self._classes,
            )
            for index, value in chosen.values.items()
        )
