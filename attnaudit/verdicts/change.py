"""What became of a claim from one run to another. Everything here is about weights, not recipes."""

from dataclasses import dataclass
from enum import StrEnum

from attnaudit.records import Outcome


class Change(StrEnum):
    """What may be said about one statistic in two runs."""

    WORSE = "worse"
    """It moved away from the claim's side."""
    LOST = "lost"
    """It was measured in the old run only."""
    INCONCLUSIVE = "inconclusive"
    """The documents show neither a change nor that there is none."""
    NEW = "new"
    """It was measured in the new run only."""
    IMPROVED = "improved"
    """It moved towards the claim's side."""
    UNCHANGED = "unchanged"
    """It moved by less than the claim's margin, or the weights and all values are the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeRow:
    """The change in one group of paired documents ("overall" is all of them).

    Attributes:
        group: "overall", or for example "predicted=positive".
        change: What these documents show.
        old: Statistic in the old run, over its defined documents; NaN if there are none.
        new: Statistic in the new run, likewise.
        low: Lower end of the decision interval of new minus old, in units of the statistic.
        high: Upper end of it.
        n: Documents that are in the group in both runs.
        moved: Paired documents that are in the group in one of the runs only.
        reason: Why the change is what it is, where numbers alone do not say it.
    """

    group: str
    change: Change
    old: float
    new: float
    low: float
    high: float
    n: int
    moved: int
    reason: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimChange:
    """What became of one claim about one model at one site.

    Attributes:
        claim: Id of the claim.
        model: Name of the model in the new run, or in the old one if it is only there.
        site: Attention site.
        change: Over all groups.
        required: Whether a change for the worse fails the comparison.
        margin: What difference counts as a change; None if the claim does not say.
        old: What was decided on the claim in the old run, or None.
        new: What was decided on it in the new run, or None.
        rows: "overall" first, then each group; none unless both runs measured it.
        reason: Why it was not compared, or what else has to be said.
    """

    claim: str
    model: str
    site: str
    change: Change
    required: bool
    margin: float | None = None
    old: Outcome | None = None
    new: Outcome | None = None
    rows: tuple[ChangeRow, ...] = ()
    reason: str | None = None

    @property
    def is_worse(self) -> bool:
        """Whether a required claim got worse, or is lost in a way that counts.

        What was not supported may be dropped, but an instrument that broke is no such decision.
        """
        dropped = self.old is not Outcome.SUPPORTED and self.new is not Outcome.ERROR
        lost = self.change is Change.LOST and not dropped
        return self.required and (self.change is Change.WORSE or lost)

    @property
    def is_open(self) -> bool:
        """Whether nothing can be said of a required claim."""
        return self.required and self.change is Change.INCONCLUSIVE
