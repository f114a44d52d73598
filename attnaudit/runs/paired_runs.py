"""One model in two runs: what became of each claim about it."""

from dataclasses import dataclass, replace

from attnaudit.claims import Claim, ClaimSet
from attnaudit.records import Measurement, Outcome
from attnaudit.runs.same_weights import instrument_differences, settle_same_weights
from attnaudit.runs.stored import StoredRun
from attnaudit.store.run import ClaimRow, ModelEntry
from attnaudit.verdicts import judge
from attnaudit.verdicts.change import Change, ClaimChange, DocumentPairs
from attnaudit.verdicts.comparison import combine_changes, compare_measurements
from attnaudit.verdicts.pairing import pair_measurements


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """A model at a site in one run.

    Attributes:
        stored: The run.
        entry: The model in it.
    """

    stored: StoredRun
    entry: ModelEntry

    def outcome(self, claim: Claim, claims: ClaimSet) -> Outcome | None:
        """What the run decided on a claim, or would have: None if it did not measure it."""
        if self.entry.claims_digest == claims.digest:
            row = self.row(claim.id)
            return None if row is None else row.outcome
        measurement = self.stored.measurement(self.entry, claim)
        if measurement is None:
            return None
        return judge(claim, measurement, level=self.stored.run.settings.level).outcome

    def row(self, claim: str) -> ClaimRow | None:
        """The row of run.json that stands for a claim."""
        sites = {self.entry.site, "default"}
        rows = (row for row in self.stored.run.claims if row.id == claim and row.site in sites)
        mine = (row for row in rows if row.model == self.entry.name and row.group == "overall")
        return next(mine, None)


@dataclass(frozen=True, kw_only=True, slots=True)
class PairedRuns:
    """A model at a site in two runs, with the documents that both measured.

    Attributes:
        old: In the earlier run.
        new: In the later run.
        documents: Which documents are the same.
        claims: What is compared.
        level: Error probability granted to each direction of one claim.
    """

    old: Side
    new: Side
    documents: DocumentPairs
    claims: ClaimSet
    level: float

    def change(self, claim: Claim) -> ClaimChange:
        """What became of one claim.

        Raises:
            InternalError: If the same weights have other values than before.
            UsageError: If a run lacks files.
        """
        before = self.old.stored.measurement(self.old.entry, claim)
        after = self.new.stored.measurement(self.new.entry, claim)
        if before is not None and after is not None:
            return self._measured_twice(claim, before, after)
        if before is not None:
            return self._named(claim, Change.LOST, reason=why_lost(self.new, claim.id))
        if after is not None:
            return self._named(claim, Change.NEW)
        return self._named(claim, Change.INCONCLUSIVE, reason="measured in neither run")

    def _measured_twice(self, claim: Claim, before: Measurement, after: Measurement) -> ClaimChange:
        old, new = pair_measurements(before, after, documents=self.documents.ids)
        rows = compare_measurements(claim, old, new, level=self.level)
        reason = None
        if self.documents.same_weights and self.documents.verified:
            rows, reason = settle_same_weights(
                rows,
                old,
                new,
                differences=self._differences(claim),
                model=self.new.entry.name,
                dtype=self.new.entry.dtype,
            )
        return replace(self._named(claim, combine_changes(rows), reason=reason), rows=rows)

    def _differences(self, claim: Claim) -> tuple[str, ...]:
        return instrument_differences(
            claim, self.old.stored, self.old.entry, self.new.stored, self.new.entry
        )

    def _named(self, claim: Claim, change: Change, *, reason: str | None = None) -> ClaimChange:
        return ClaimChange(
            claim=claim.id,
            model=self.new.entry.name,
            site=self.new.entry.site,
            change=change,
            required=claim.required,
            margin=claim.margin,
            old=self.old.outcome(claim, self.claims),
            new=self.new.outcome(claim, self.claims),
            reason=reason,
        )


def why_lost(new: Side, claim: str) -> str:
    """Why a run has no measurement for a claim, as far as its run.json tells."""
    row = new.row(claim)
    if row is not None and row.error is not None:
        return f"an error in the new run: {row.error}"
    return "not measured in the new run"
