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
        than_encoder: The encoder whose quantity is subtracted, document by document, or None.
        than_quantity: The quantity of the same encoder that is subtracted, or None.
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
        """That of the quantity, or twice as wide and centred for a difference."""
        low, high = (0.0, math.log(2)) if self.quantity == "exact" else (-1.0, 1.0)
        width = high - low
        return (-width, width) if self.is_difference else (low, high)

    @model_validator(mode="after")
    def _check_compared(self) -> "FindingClaim":
        if self.than_encoder is not None and self.than_quantity is not None:
            raise ValueError("a difference is to another encoder or another quantity, not to both")
        if self.quantity == "exact" and self.than_quantity is not None:
            raise ValueError("a divergence cannot be compared with a rank correlation")
        return self


def finding_claims() -> tuple[FindingClaim, ...]:
    """The claims of claims.toml, in its order."""
    text = (resources.files("attnaudit.reproduction") / "claims.toml").read_text("utf-8")
    tables = tomllib.loads(text)["claim"]
    return tuple(FindingClaim.model_validate(table) for table in tables)
