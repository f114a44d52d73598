"""One model in two runs: what became of each claim about it."""

from dataclasses import dataclass, replace

from attnaudit.claims import Claim, ClaimSet
from attnaudit.records import Measurement
from attnaudit.runs.same_outcomes import decision_differences, settle_outcomes
from attnaudit.runs.same_weights import instrument_differences, settle_same_weights
from attnaudit.runs.side import Decided, Side
from attnaudit.verdicts.change import Change, ClaimChange
from attnaudit.verdicts.changed_rows import combine_changes
from attnaudit.verdicts.comparison import compare_measurements
from attnaudit.verdicts.pairing import pair_measurements
from attnaudit.verdicts.run_comparison import DocumentPairs


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

    @property
    def asked(self) -> tuple[Claim, ...]:
        """The claims that either run could have asked at its site."""
        return tuple(
            claim
            for claim in self.claims.claims
            if self.old.could_ask(claim, self.claims) or self.new.could_ask(claim, self.claims)
        )

    def change(self, claim: Claim) -> ClaimChange:
        """What became of one claim.

        Raises:
            InternalError: If the same weights have other values or another outcome than before.
            UsageError: If a run lacks files.
        """
        before = self.old.stored.measurement(self.old.entry, claim)
        after = self.new.stored.measurement(self.new.entry, claim)
        decided = self.old.decided(claim, self.claims), self.new.decided(claim, self.claims)
        found = ClaimChange(
            claim=claim.id,
            model=self.new.entry.name,
            site=self.new.entry.site,
            change=Change.INCONCLUSIVE,
            required=claim.required,
            margin=claim.margin,
            old=decided[0].outcome,
            new=decided[1].outcome,
            reason="measured in neither run",
        )
        if before is not None and after is not None:
            return self._measured_twice(claim, found, decided, before, after)
        if before is not None:
            return replace(found, change=Change.LOST, reason=self.new.why_lost(claim.id))
        return found if after is None else replace(found, change=Change.NEW, reason=None)

    def _measured_twice(
        self,
        claim: Claim,
        found: ClaimChange,
        decided: tuple[Decided, Decided],
        before: Measurement,
        after: Measurement,
    ) -> ClaimChange:
        # Drawn until a claim was decided, a measurement need not hold every document of its run.
        held = {*before.documents} & {*after.documents}
        documents = [document for document in self.documents.ids if document in held]
        if not documents:
            return replace(found, reason="no document was drawn for it in both runs")
        unpaired = len(before.documents) + len(after.documents) - 2 * len(documents)
        old, new = pair_measurements(before, after, documents=documents)
        rows = compare_measurements(claim, old, new, level=self.level, unpaired=unpaired)
        change = replace(found, change=combine_changes(rows), rows=rows, reason=None)
        if self.documents.same_weights and self.documents.verified:
            return self._same_weights(claim, change, decided, old, new)
        return change

    def _same_weights(
        self,
        claim: Claim,
        change: ClaimChange,
        decided: tuple[Decided, Decided],
        before: Measurement,
        after: Measurement,
    ) -> ClaimChange:
        sides = self.old.stored, self.old.entry, self.new.stored, self.new.entry
        differences = instrument_differences(claim, *sides)
        rows, reason = settle_same_weights(
            change.rows,
            before,
            after,
            differences=differences,
            model=change.model,
            dtype=self.new.entry.dtype,
        )
        change = replace(change, change=combine_changes(rows), rows=rows)
        if change.change is Change.UNCHANGED:
            differences = tuple(dict.fromkeys([*differences, *decision_differences(*decided)]))
            cause = settle_outcomes(
                change.old,
                change.new,
                differences=differences,
                subject=f"{claim.id} of {change.model}",
            )
            reason = "; ".join(filter(None, (reason, cause)))
        return replace(change, reason=reason)
