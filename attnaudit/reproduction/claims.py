"""The paper's findings as claims: a statistic of one encoder, or how it differs from another."""

import math
import tomllib
from importlib import resources
from typing import Literal

from pydantic import Field, model_validator

from attnaudit.claims.base import ClaimBase, Range, Scalar

Quantity = Literal["tau-gradient", "tau-leave-one-out", "tau-gradient-leave-one-out", "exact"]


class FindingClaim(ClaimBase):
    """A claim about the models of one task, attention and seed.

    Attributes:
        audit: "reproduction".
        quantity: A rank correlation in [-1, 1], or "exact": the divergence of the farthest
            attention with the same output, in nats, in [0, ln 2].
        encoder: Whose quantity.
        than_encoder: The encoder whose rank correlation is subtracted, document by document, or
            None.
        than_quantity: The rank correlation of the same encoder that is subtracted, or None.
    """

    audit: Literal["reproduction"] = "reproduction"
    quantity: Quantity
    encoder: Literal["bilstm", "cnn", "average"]
    than_encoder: Literal["bilstm", "cnn", "average"] | None = None
    than_quantity: Quantity | None = None
    kind: Literal["agreement", "faithfulness", "plausibility"] = "agreement"
    inference: Literal["necessary", "sufficient", "descriptive"] = "descriptive"
    undefined: Literal["by-cause", "fails", "either"] = Field(default="either")

    @property
    def parameters(self) -> dict[str, Scalar]:
        """Whose quantity, and what is subtracted."""
        than = {"than_encoder": self.than_encoder, "than_quantity": self.than_quantity}
        given: dict[str, Scalar] = {name: one for name, one in than.items() if one is not None}
        return {"encoder": self.encoder} | given

    @property
    def is_difference(self) -> bool:
        """Whether another quantity is subtracted."""
        return self.than_encoder is not None or self.than_quantity is not None

    @property
    def range(self) -> Range:
        """That of the quantity, or of the difference of two rank correlations."""
        if self.is_difference:
            return -2.0, 2.0
        return (0.0, math.log(2)) if self.quantity == "exact" else (-1.0, 1.0)

    @model_validator(mode="after")
    def _check_compared(self) -> "FindingClaim":
        if self.than_encoder is not None and self.than_quantity is not None:
            raise ValueError("a difference is to another encoder or another quantity, not to both")
        if self.is_difference and "exact" in {self.quantity, self.than_quantity}:
            raise ValueError(
                "a divergence is subtracted from nothing and nothing from it: of two that are "
                "known from one side only, the difference is known from neither. Claim each by "
                "itself"
            )
        return self


def finding_claims() -> tuple[FindingClaim, ...]:
    """The claims of claims.toml, in its order."""
    text = (resources.files("attnaudit.reproduction") / "claims.toml").read_text("utf-8")
    tables = tomllib.loads(text)["claim"]
    return tuple(FindingClaim.model_validate(table) for table in tables)
