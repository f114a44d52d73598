"""A finished run, opened again: what was measured in it, found by what a claim asks for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attnaudit.claims import Claim
from attnaudit.errors import UsageError
from attnaudit.records import Measurement
from attnaudit.runs.drawn import has_quantity, read_drawn, stored_ids
from attnaudit.store.directory import RunDirectory
from attnaudit.store.first import Look, first_parts, looks_of
from attnaudit.store.parts import Parts
from attnaudit.store.run import ModelEntry, Run, read_run
from attnaudit.verdicts.intervals import THESE_DOCUMENTS


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
        looks = self.looks(entry, key)
        return self.first_measurement(entry, claim, key, look=looks[-1] if looks else None)

    def first_measurement(
        self,
        entry: ModelEntry,
        claim: Claim,
        key: str,
        *,
        look: Look | None,
        quantity: str | None = None,
    ) -> Measurement:
        """A measurement as it was at a look, or as a whole.

        Args:
            entry: A model of this run.
            claim: Says which quantity.
            key: What the measurement is stored under.
            look: Read no more documents than had been drawn then; None for all.
            quantity: A quantity of the same measurement to read in the place of the claim's own.

        Raises:
            UsageError: If files are missing that run.json names, or it does not say how many
                documents there are where the claim is about all of them.
        """
        self._check_population(entry, claim)
        documents, parts = self.documents(entry), None if look is None else look.parts
        return read_drawn(
            self.directory.measurement(key),
            documents,
            claim,
            drawn=stored_ids(first_parts(documents, parts)),
            seed=self.run.settings.seed,
            population=entry.documents.population,
            classes=entry.classes,
            parts=parts,
            quantity=quantity,
        )

    def looks(self, entry: ModelEntry, key: str) -> tuple[Look, ...]:
        """How many documents had been drawn at each look at a measurement; none if it had no look.

        Raises:
            UsageError: If files are missing that run.json names.
        """
        return looks_of(self._finished(self.directory.measurement(key), entry))

    def measurement_key(self, entry: ModelEntry, claim: Claim) -> str | None:
        """What `measurement` is stored under: the same in two runs only if all inputs were."""
        for key in entry.measurements.values():
            values = self.directory.measurement(key)
            about = self._finished(values, entry)
            measured = about["audit"], about["parameters"]
            if measured == (claim.audit, claim.parameters) and has_quantity(values, claim.quantity):
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

    def _check_population(self, entry: ModelEntry, claim: Claim) -> None:
        """A sample may not stand for all of these documents because a run of old did not count."""
        sampled = self.run.settings.limit is not None
        if claim.target == THESE_DOCUMENTS and sampled and entry.documents.population is None:
            raise UsageError(
                f"claim {claim.id} is about these documents, but {self.place} does not say how "
                f"many documents those of {entry.name} were drawn from; run the audit again"
            )

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
