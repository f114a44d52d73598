"""What a claim about the agreement of attention and an importance may say."""

from typing import Literal, Self

from pydantic import Field, model_validator

from attnaudit.claims.base import ClaimBase, Range, Scalar
from attnaudit.claims.nulls import null_of, widened

Importance = Literal[
    "gradient",
    "gradient-through-attention",
    "gradient-norm",
    "integrated-gradients",
    "attention-gradient",
    "leave-one-out",
    "mask-one-out",
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
            attention weight times the weight, "leave-one-out" what deleting the word changes,
            "mask-one-out" what a mask token in its place changes, which only a model whose
            tokeniser has one can be asked for; whether it was trained with it cannot be told.
        steps: Points at which "integrated-gradients" takes the slope, 50 unless given. No other
            importance has steps.
        quantity: "tau" is Kendall's tau-b, in [-1, 1]; "tau-above-null" subtracts what attention
            of the same architecture with random weights has, one of several networks for each
            document, and lies in [-2, 2].
    """

    audit: Literal["agreement"]
    importance: Importance
    steps: int | None = Field(default=None, ge=1, le=1_000)
    quantity: Literal["tau", "tau-above-null"] = "tau"

    @property
    def parameters(self) -> dict[str, Scalar]:
        """The importance and, where it is an integral, at how many points it is taken."""
        if self.importance == "integrated-gradients":
            return {"importance": self.importance, "steps": self.steps or INTEGRATION_STEPS}
        return {"importance": self.importance}

    @property
    def range(self) -> Range:
        """That of a rank correlation, or of a difference of two."""
        return widened((-1.0, 1.0), self.quantity)

    @property
    def replaces_attention(self) -> bool:
        """Only where the importance is the slope of the output in the weights themselves."""
        return self.importance == "attention-gradient"

    @property
    def null_quantity(self) -> str | None:
        """The same with attention of random weights."""
        return null_of(self.quantity)

    @model_validator(mode="after")
    def _check_steps(self) -> Self:
        if self.steps is not None and self.importance != "integrated-gradients":
            raise ValueError(
                f"steps = {self.steps} is given with importance = {self.importance!r}, which has "
                'none; leave steps out, or ask for importance = "integrated-gradients"'
            )
        return self
