"""What a claim about the most different attention of the same output may say."""

import math
from typing import Literal

from pydantic import Field

from attnaudit.claims.base import ClaimBase, Range, Scalar
from attnaudit.claims.nulls import null_of, widened


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
            "-above-null" subtracts what shuffled attention has.
    """

    audit: Literal["adversary"]
    max_tvd: float = Field(default=0.05, gt=0, lt=1)
    method: Literal["auto", "search"] = "auto"
    restarts: int = Field(default=5, ge=1, le=50)
    steps: int = Field(default=500, ge=1, le=10_000)
    quantity: Literal[
        "share-of-free-maximum",
        "share-of-free-maximum-above-null",
        "divergence",
        "divergence-above-null",
    ] = "share-of-free-maximum"

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
        """A share, nats, or a difference of two of them."""
        high = math.log(2) if self.quantity.startswith("divergence") else 1.0
        return widened((0.0, high), self.quantity)

    @property
    def null_quantity(self) -> str | None:
        """The same of shuffled attention."""
        return null_of(self.quantity)
