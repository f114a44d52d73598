"""The farthest admissible attention of one unit, known from both sides."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float64

from attnaudit.adversaries.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosure:
    """The largest divergence of one unit lies between `divergence` and `bound`.

    Attributes:
        weights: [tokens] an admissible attention.
        divergence: Of `weights` from the model's own attention, in nats.
        bound: No admissible attention has a larger divergence, in nats.
    """

    weights: Float64[np.ndarray, " tokens"]
    divergence: float
    bound: float

    @property
    def width(self) -> float:
        """How much is not known, in nats."""
        return self.bound - self.divergence

    def or_better(self, unit: Unit, weights: Float64[np.ndarray, " tokens"]) -> "Enclosure":
        """With `weights` as the witness if they lie farther."""
        divergence = float(unit.divergence(weights[None])[0])
        if divergence <= self.divergence:
            return self
        return replace(self, weights=weights, divergence=divergence)
