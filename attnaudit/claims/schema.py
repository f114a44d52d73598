"""What a claim may say: one schema per audit, told apart by `audit`."""

import math
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from attnaudit.claims.base import ClaimBase, Range, Scalar

Importance = Literal[
    "gradient",
    "gradient-through-attention",
    "gradient-norm",
    "integrated-gradients",
    "attention-gradient",
    "leave-one-out",
]
"""What attention can be compared with; `AgreementClaim` says what each is."""

INTEGRATION_STEPS = 50
"""Steps of integrated gradients where a claim names none, as is customary."""


class AgreementClaim(ClaimBase):
    """Attention ranks the words of a document as an importance does.

    Attributes:
        importance: What attention is compared with. "gradient" is the slope of the output along
            the embedding of a word with attention held fixed, "gradient-through-attention" the
            same where attention follows, "gradient-norm" the steepest slope in any direction with
            attention held fixed, "integrated-gradients" the slope along the embedding averaged on
            the way from the zero embedding, "attention-gradient" the slope of the output in the
            attention weight times the weight, "leave-one-out" what deleting the word changes.
        steps: Points at which "integrated-gradients" takes the slope, 50 unless given. No other
            importance has steps.
        quantity: Kendall's tau-b, in [-1, 1].
    """

    audit: Literal["agreement"]
    importance: Importance
    steps: int | None = Field(default=None, ge=1, le=1_000)
    quantity: Literal["tau"] = "tau"

    @property
    def parameters(self) -> dict[str, Scalar]:
        """The importance and, where it is an integral, at how many points it is taken."""
        if self.importance == "integrated-gradients":
            return {"importance": self.importance, "steps": self.steps or INTEGRATION_STEPS}
        return {"importance": self.importance}

    @property
    def range(self) -> Range:
        """That of a rank correlation."""
        return -1.0, 1.0

    @model_validator(mode="after")
    def _check_steps(self) -> Self:
        if self.steps is not None and self.importance != "integrated-gradients":
            raise ValueError(
                f"steps = {self.steps} is given with importance = {self.importance!r}, which has "
                'none; leave steps out, or ask for importance = "integrated-gradients"'
            )
        return self


class PermutationClaim(ClaimBase):
    """Shuffling the attention weights changes the output.

    Attributes:
        draws: Shuffles per document of more than five words. Shorter documents are put in each
            of their orders instead.
        quantity: Median over the shuffles of the total variation distance, in [0, 1].
    """

    audit: Literal["permutation"]
    draws: int = Field(default=100, ge=1, le=10_000)
    quantity: Literal["tvd"] = "tvd"

    @property
    def parameters(self) -> dict[str, Scalar]:
        """How often attention is shuffled."""
        return {"draws": self.draws}

    @property
    def range(self) -> Range:
        """That of a total variation distance."""
        return 0.0, 1.0


class AdversaryClaim(ClaimBase):
    """How different an attention can be that gives the same output.

    Attributes:
        max_tvd: Total variation distance up to which two outputs count as the same.
        method: "auto" solves exactly for one logit or two classes, encloses the
            answer for more, and searches for any other readout.
        restarts: Starts of the search.
        steps: Steps of the search from each start.
        quantity: "divergence" is the largest Jensen-Shannon divergence in nats, in [0, ln 2];
            "share-of-free-maximum" divides it by its value without regard to the output.
    """

    audit: Literal["adversary"]
    max_tvd: float = Field(default=0.05, gt=0, lt=1)
    method: Literal["auto", "search"] = "auto"
    restarts: int = Field(default=5, ge=1, le=50)
    steps: int = Field(default=500, ge=1, le=10_000)
    quantity: Literal["share-of-free-maximum", "divergence"] = "share-of-free-maximum"

    @property
    def parameters(self) -> dict[str, Scalar]:
        """What counts as the same output, and how hard to look."""
        return {
            "max_tvd": self.max_tvd,
            "method": self.method,
            "restarts": self.restarts,
            "steps": self.steps,
        }

    @property
    def range(self) -> Range:
        """A share, or nats."""
        return (0.0, math.log(2)) if self.quantity == "divergence" else (0.0, 1.0)


class ExchangeClaim(ClaimBase):
    """The position with the most attention cannot exchange its weight with another unnoticed.

    Attributes:
        max_tvd: Total variation distance up to which two outputs count as the same.
        max_logit_change: Change of log-odds that counts as none, in logits.
        draws: Shuffles of the model's own attention for the null.
        quantity: Share of the other positions with which the exchange goes unnoticed, in [0, 1]:
            in the output, or in log-odds, which a confident output does not hide. "-above-null"
            subtracts what shuffled attention has, and lies in [-1, 1].
    """

    audit: Literal["exchange"]
    max_tvd: float = Field(default=0.05, gt=0, lt=1)
    max_logit_change: float = Field(default=0.5, gt=0)
    # All shuffles of a batch are held in memory together.
    draws: int = Field(default=20, ge=1, le=200)
    quantity: Literal[
        "output-share", "logit-share", "output-share-above-null", "logit-share-above-null"
    ] = "logit-share-above-null"

    @property
    def parameters(self) -> dict[str, Scalar]:
        """What goes unnoticed, and how often attention is shuffled."""
        return {
            "max_tvd": self.max_tvd,
            "max_logit_change": self.max_logit_change,
            "draws": self.draws,
        }

    @property
    def range(self) -> Range:
        """That of a share, or of a difference of two."""
        return _widened((0.0, 1.0), self.quantity)


class InversionClaim(ClaimBase):
    """Attention raised to a power, by default inverted, serves the decision less.

    Attributes:
        exponent: The power; 0 makes attention uniform, -1 inverts it.
        max_logit_change: Change of log-odds that counts as none, in logits.
        draws: Shuffles of the model's own attention for the null.
        quantity: "decision-weakened" is 1 where the predicted class loses more log-odds than
            `max_logit_change`, -1 where it gains more, 0 otherwise; "decision-changed" is 1 where
            another class is predicted, and "tvd" the total variation distance, both in [0, 1].
            "-above-null" subtracts what shuffled attention has.
    """

    audit: Literal["inversion"]
    exponent: float = Field(default=-1.0, ge=-1_000, le=1_000)
    max_logit_change: float = Field(default=0.5, gt=0)
    # All shuffles of a batch are held in memory together.
    draws: int = Field(default=20, ge=1, le=200)
    quantity: Literal[
        "decision-weakened",
        "decision-weakened-above-null",
        "decision-changed",
        "decision-changed-above-null",
        "tvd",
        "tvd-above-null",
    ] = "decision-weakened-above-null"

    @property
    def parameters(self) -> dict[str, Scalar]:
        """The power, what goes unnoticed, and how often attention is shuffled."""
        return {
            "exponent": self.exponent,
            "max_logit_change": self.max_logit_change,
            "draws": self.draws,
        }

    @property
    def range(self) -> Range:
        """That of a sign, share or distance, or of a difference of two."""
        low = -1.0 if self.quantity.startswith("decision-weakened") else 0.0
        return _widened((low, 1.0), self.quantity)

    @model_validator(mode="after")
    def _check_exponent(self) -> Self:
        if self.exponent == 1:
            raise ValueError("exponent = 1 should be another number: it leaves attention as it is")
        return self


def _widened(limits: Range, quantity: str) -> Range:
    """Twice as wide and centred for a difference of two such values."""
    width = limits[1] - limits[0]
    return (-width, width) if quantity.endswith("-above-null") else limits


Claim = Annotated[
    AgreementClaim | PermutationClaim | AdversaryClaim | ExchangeClaim | InversionClaim,
    Field(discriminator="audit"),
]
"""Any claim."""

AUDITS = tuple(
    get_args(kind.model_fields["audit"].annotation)[0]
    for kind in (AgreementClaim, PermutationClaim, AdversaryClaim, ExchangeClaim, InversionClaim)
)
"""Names of all audits."""
