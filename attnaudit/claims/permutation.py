"""What a claim about shuffled attention may say."""

from typing import Literal, Self

from pydantic import Field, model_validator

from attnaudit.claims.base import ClaimBase, Range, Scalar
from attnaudit.claims.nulls import null_of, widened


class PermutationClaim(ClaimBase):
    """Shuffling the attention weights changes the output.

    Attributes:
        draws: Shuffles per document of more than five words. Shorter documents are put in each
            of their orders instead.
        quantity: "tvd" is the median over the shuffles of the total variation distance, in
            [0, 1]; "tvd-above-null" subtracts what shuffling does to attention that stood in
            random places, and lies in [-1, 1]. It needs an even number of draws.
    """

    audit: Literal["permutation"]
    draws: int = Field(default=100, ge=1, le=10_000)
    quantity: Literal["tvd", "tvd-above-null"] = "tvd"

    @property
    def parameters(self) -> dict[str, Scalar]:
        """How often attention is shuffled."""
        return {"draws": self.draws}

    @property
    def range(self) -> Range:
        """That of a total variation distance, or of a difference of two."""
        return widened((0.0, 1.0), self.quantity)

    @property
    def null_quantity(self) -> str | None:
        """The same of attention that stood in random places before."""
        return null_of(self.quantity)

    @model_validator(mode="after")
    def _check_draws(self) -> Self:
        if self.quantity == "tvd-above-null" and self.draws % 2:
            raise ValueError(
                f'draws = {self.draws} should be even with quantity = "tvd-above-null": a shuffle '
                "is compared with the others, and only of an even number has the median of the "
                f"others the same mean as that of all; say {self.draws + 1}"
            )
        return self
