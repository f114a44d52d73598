"""One unit to attack: its attention without padding, its output and what is permitted."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float64

from attnaudit.adversaries._instance import TOLERANCE
from attnaudit.adversaries.response import Response
from attnaudit.adversaries.separable import divergence

ROUNDING = 1e-12
"""A total variation distance below this is the rounding of float64."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """The farthest admissible attention of one unit is looked for.

    Attributes:
        attention: [tokens] the model's own weights, summing to 1.
        response: Output as a function of attention.
        own: [classes] the output under `attention`.
        max_tvd: Permitted total variation distance of the output from `own`: what bounds hold for.
        aim: The distance that witnesses aim at, not above `max_tvd`, so that they are admissible
            however the readout rounds when it is run on them.
    """

    attention: Float64[np.ndarray, " tokens"]
    response: Response
    own: Float64[np.ndarray, " classes"]
    max_tvd: float
    aim: float

    @classmethod
    def of(
        cls,
        attention: Float64[np.ndarray, " tokens"],
        response: Response,
        *,
        max_tvd: float,
        dtype: torch.dtype,
    ) -> "Unit":
        r"""Run the response once on the model's own attention.

        A witness aims inside the permitted distance $\epsilon$ by $10^{-9} \epsilon + 10^{-12}$
        if the readout works in float64, by $10^{-6}$ if its `dtype` is coarser.
        """
        inside = max_tvd * 1e-9 + ROUNDING if dtype == torch.float64 else TOLERANCE
        return cls(
            attention=attention,
            response=response,
            own=response.probabilities(attention[None])[0],
            max_tvd=max(max_tvd, ROUNDING),
            aim=max(max_tvd - inside, ROUNDING),
        )

    def tvd(self, weights: Float64[np.ndarray, "k tokens"]) -> Float64[np.ndarray, " k"]:
        """How far each of k attentions moves the output, in [0, 1]."""
        change = self.response.probabilities(weights) - self.own
        return np.asarray(0.5 * np.abs(change).sum(axis=1))

    def admissible(self, weights: Float64[np.ndarray, "k tokens"]) -> Bool[np.ndarray, " k"]:
        """Which of k attentions keep the output within the distance that is aimed at."""
        return np.asarray(self.tvd(weights) <= self.aim)

    def divergence(self, weights: Float64[np.ndarray, "k tokens"]) -> Float64[np.ndarray, " k"]:
        """Jensen-Shannon divergence of each of k attentions from the model's own, in nats."""
        return divergence(self.attention, weights)
