"""What a claim about inverted attention may say."""

from typing import Literal, Self

from pydantic import Field, model_validator

from attnaudit.claims.base import ClaimBase, Range, Scalar
from attnaudit.claims.nulls import null_of, widened


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
        return widened((low, 1.0), self.quantity)

    @property
    def null_quantity(self) -> str | None:
        """The same of shuffled attention."""
        return null_of(self.quantity)

    @model_validator(mode="after")
    def _check_exponent(self) -> Self:
        if self.exponent == 1:
            raise ValueError("exponent = 1 should be another number: it leaves attention as it is")
        return self
