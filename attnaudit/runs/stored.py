"""A finished run, opened again: what was measured in it, found by what a claim asks for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from attnaudit.claims import Claim
from attnaudit.errors import UsageError
from attnaudit.records import Measurement
from attnaudit.store.directory import RunDirectory
from attnaudit.store.measured import read_measurement
from attnaudit.store.parts import Parts
from attnaudit.store.run import ModelEntry, Run, read_run


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run directory and its run.json. Nothing here needs a model.

    Attributes:
        directory: Where the measurements lie.
        run: What was decided.
    """

    directory: RunDirectory
    run: Run

    @property
    def place(self) -> str:
        """The run directory, for messages."""
        return str(self.directory.path)

    def measurement(self, entry: ModelEntry, claim: Claim) -> Measurement | None:
        """The quantity that a claim is about, or None if the run did not measure it.

        Args:
            entry: A model of this run.
            claim: Says which audit, parameters and quantity.

        Raises:
            UsageError: If files are missing that run.json names.
        """
        key = self.measurement_key(entry, claim)
        if key is None:
            return None
        return read_measurement(
            self.directory.measurement(key),
            self.documents(entry),
            audit=claim.audit,
            quantity=claim.quantity,
            bounds=claim.range,
        )

    def measurement_key(self, entry: ModelEntry, claim: Claim) -> str | None:
        """What `measurement` is stored under: the same in two runs only if all inputs were."""
        for key in entry.measurements.values():
            values = self.directory.measurement(key)
            about = self._finished(values, entry)
            measured = about["audit"], about["parameters"]
            if measured == (claim.audit, claim.parameters) and _has(values, claim.quantity):
                return key
        return None

    def documents(self, entry: ModelEntry) -> Parts:
        """The documents that a model was audited on.

        Raises:
            UsageError: If they are missing.
        """
        documents = self.directory.documents(entry.documents_key)
        self._finished(documents, entry)
        return documents

    def _finished(self, parts: Parts, entry: ModelEntry) -> dict[str, Any]:
        about = parts.finished()
        if about is None:
            raise UsageError(
                f"{self.place} lacks the file {parts.marker.relative_to(self.directory.path)}, "
                f"which its run.json needs for {entry.name}; copy the whole run directory, or run "
                "the audit again"
            )
        return about


def open_run(path: Path) -> StoredRun:
    """Open a run directory.

    Raises:
        UsageError: If there is no run.json of this schema in it.
    """
    directory = RunDirectory(path)
    return StoredRun(directory, read_run(directory.run_file))


def missing_measurement(entry: ModelEntry, claim: Claim) -> str:
    """What a run would need for a claim, in words."""
    given = "".join(f", {name} {value}" for name, value in claim.parameters.items())
    return (
        f"{claim.audit} ({claim.quantity}{given}) of {entry.name} at {entry.site}, which claim "
        f"{claim.id} is about"
    )


def _has(values: Parts, quantity: str) -> bool:
    return any(pc.any(pc.equal(table["quantity"], quantity)).as_py() for table in values.tables())
