"""A model at a site in one of two runs that are compared, and what that run decided about it."""

from dataclasses import dataclass

from attnaudit.claims import Claim, ClaimSet
from attnaudit.records import Outcome
from attnaudit.runs.asked import claims_asked
from attnaudit.runs.judged import counted_again, decide_again
from attnaudit.runs.stored import StoredRun
from attnaudit.store.run import ClaimRow, ModelEntry
from attnaudit.verdicts import direction_level


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """What a run decided on a claim, or would have.

    Attributes:
        stored: The run.
        entry: The model that the claim is about.
        outcome: What was decided; None if the run did not measure it.
        level: Error probability that was granted to each direction.
        drawn: Documents that had been drawn when it was decided; None if that is not known.
    """

    stored: StoredRun
    entry: ModelEntry
    outcome: Outcome | None
    level: float
    drawn: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """A model at a site in one run.

    Attributes:
        stored: The run.
        entry: The model in it.
    """

    stored: StoredRun
    entry: ModelEntry

    def decided(self, claim: Claim, claims: ClaimSet) -> Decided:
        """What the run decided on a claim, or would have if it had been judged by these claims."""
        row, level = self.row(claim.id), self.stored.run.settings.level
        if self.entry.claims_digest != claims.digest:
            level = direction_level(max(1, counted_again(self.stored.run, claims)))
            rows = decide_again(self.stored, self.entry, claim, level=level)
            broken = row is not None and row.error is not None
            # An instrument that broke is an error whatever the limit.
            row = rows[0] if rows is not None else row if broken else None
        return Decided(
            stored=self.stored,
            entry=self.entry,
            outcome=None if row is None else row.outcome,
            level=level,
            drawn=None if row is None else row.drawn,
        )

    def could_ask(self, claim: Claim, claims: ClaimSet) -> bool:
        """Whether a claim, one of these, can be asked at the site."""
        entry = self.entry
        return claim in claims_asked(self.stored.run, claims, model=entry.name, site=entry.site)

    def row(self, claim: str) -> ClaimRow | None:
        """The row of run.json that stands for a claim."""
        sites = {self.entry.site, "default"}
        rows = (row for row in self.stored.run.claims if row.id == claim and row.site in sites)
        mine = (row for row in rows if row.model == self.entry.name and row.group == "overall")
        return next(mine, None)

    def why_lost(self, claim: str) -> str:
        """Why the run has no measurement for a claim, as far as its run.json tells."""
        row = self.row(claim)
        if row is not None and row.error is not None:
            return f"an error in the new run: {row.error}"
        return "not measured in the new run"
