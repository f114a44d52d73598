"""What a claim about two exchanged weights may say."""

from typing import Literal

from pydantic import Field

from attnaudit.claims.base import ClaimBase, Range, Scalar
from attnaudit.claims.nulls import null_of, widened


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
        return widened((0.0, 1.0), self.quantity)

    @property
    def null_quantity(self) -> str | None:
        """The same of shuffled attention."""
        return null_of(self.quantity)
