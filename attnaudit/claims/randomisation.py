"""What a claim about attention without a learnt encoder may say."""

import math
from typing import Literal

from attnaudit.claims.base import ClaimBase, Range, Scalar
from attnaudit.claims.nulls import null_of, widened


class RandomisationClaim(ClaimBase):
    """Attention depends on what the encoder has learnt.

    The encoder's weights are drawn at random, and its attention compared with the model's. The
    weights of the head, drawn at random, would change no attention, which is computed before it:
    that is a fact of the architecture and no claim. (The site "gradient-weighted" of a transformer
    does depend on its head, and no audit draws that alone.)

    Attributes:
        quantity: "divergence" is the Jensen-Shannon divergence in nats between the two, in
            [0, ln 2], "tau" their Kendall's tau-b, in [-1, 1]. "-above-null" subtracts what two
            random encoders have.
    """

    audit: Literal["randomisation"]
    quantity: Literal["divergence", "divergence-above-null", "tau", "tau-above-null"] = "divergence"

    @property
    def parameters(self) -> dict[str, Scalar]:
        """None: what is drawn follows from the architecture and the seed."""
        return {}

    @property
    def range(self) -> Range:
        """That of a divergence or a rank correlation, or of a difference of two."""
        limits = (0.0, math.log(2)) if self.quantity.startswith("divergence") else (-1.0, 1.0)
        return widened(limits, self.quantity)

    @property
    def replaces_attention(self) -> bool:
        """No: it compares what two encoders attend to, and changes neither."""
        return False

    @property
    def null_quantity(self) -> str | None:
        """The same between two random encoders."""
        return null_of(self.quantity)
