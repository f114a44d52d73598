"""The attention an adversary starts from, checked once, and the run that confirms a witness."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Float64, Int
from torch import Tensor

from attnaudit.adversaries.bounds import free_maximum
from attnaudit.adversaries.record import Adversary
from attnaudit.errors import InternalError, InvalidArgumentError
from attnaudit.metrics import (
    check_attention,
    check_distribution,
    jensen_shannon_divergence,
    total_variation_distance,
)
from attnaudit.models.protocol import Readout
from attnaudit.models.readout import LinearReadout
from attnaudit.records import Bound

TOLERANCE = 1e-6
"""How far a witness may exceed the permitted total variation distance through rounding."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Instance:
    """Units to attack.

    Attributes:
        attention: [batch tokens] the model's own, summing to 1 in float64.
        mask: [batch tokens] True at a real token.
        readout: Output as a function of attention.
        dtype: Precision in which the readout is run.
        probabilities: [batch classes] the readout's output under `attention`.
    """

    attention: Float64[Tensor, "batch tokens"]
    mask: Bool[Tensor, "batch tokens"]
    readout: Readout
    dtype: torch.dtype
    probabilities: Float[Tensor, "batch classes"]

    @classmethod
    def checked(
        cls,
        attention: Float[Tensor, "batch tokens"],
        mask: Bool[Tensor, "batch tokens"],
        readout: Readout,
        *,
        max_tvd: float,
    ) -> "Instance":
        """Check what the caller gave and run the readout on it once.

        Raises:
            InvalidArgumentError: If attention is not a distribution over the mask, the output is
                not a distribution, or `max_tvd` is not in [0, 1].
        """
        if not (math.isfinite(max_tvd) and 0 <= max_tvd <= 1):
            raise InvalidArgumentError(
                f"max_tvd must be a total variation distance in [0, 1]; got {max_tvd}."
            )
        if isinstance(readout, LinearReadout) and readout.link == "multilabel":
            raise InvalidArgumentError(
                "independent labels have no total variation distance; the readout has link "
                '"multilabel". Pass one label at a time, with its score column and link "sigmoid".'
            )
        check_attention(attention, mask)
        weights = attention.detach().double()
        weights = weights / weights.sum(dim=-1, keepdim=True)
        dtype = readout.scores.dtype if isinstance(readout, LinearReadout) else attention.dtype
        probabilities = _run(readout, weights.to(dtype))
        check_distribution(probabilities, name="the readout's output")
        return cls(
            attention=weights,
            mask=mask,
            readout=readout,
            dtype=dtype,
            probabilities=probabilities,
        )

    def select(self, index: Int[Tensor, " selected"]) -> "Instance":
        """Some units only."""
        return Instance(
            attention=self.attention[index],
            mask=self.mask[index],
            readout=self.readout.select(index),
            dtype=self.dtype,
            probabilities=self.probabilities[index],
        )

    def tvd(self, witness: Float64[Tensor, "batch tokens"]) -> Float64[Tensor, " batch"]:
        """Total variation distance of the readout's output under `witness` from the model's."""
        return self._distance(_run(self.readout, witness.to(self.dtype)))

    def adversary(
        self,
        witness: Float64[Tensor, "batch tokens"],
        *,
        max_tvd: float,
        upper_bound: Float64[Tensor, " batch"] | None,
        kind: Bound,
    ) -> Adversary:
        """Confirm every witness by running the readout on it.

        An `upper_bound` of None stands for the free maximum.

        Raises:
            InternalError: If a witness moves the output further than `max_tvd` permits.
        """
        probabilities = _run(self.readout, witness.to(self.dtype))
        tvd = self._distance(probabilities)
        worst = tvd.max().item() if len(tvd) else 0.0
        if worst > max_tvd + TOLERANCE:
            raise InternalError(
                f"a witness in row {int(tvd.argmax())} moves the output by {worst:.9g} in total "
                f"variation distance, where {max_tvd:.9g} is permitted. If the readout gives the "
                "same output each time it is run, please report this."
            )
        divergence = jensen_shannon_divergence(self.attention, witness)
        # Only rounding could put a witness beyond what any attention attains.
        free = torch.maximum(free_maximum(self.attention, self.mask), divergence)
        return Adversary(
            attention=witness,
            divergence=divergence,
            upper_bound=free if upper_bound is None else upper_bound,
            tvd=tvd,
            probabilities=probabilities,
            free_maximum=free,
            kind=kind,
        )

    def _distance(self, probabilities: Float[Tensor, "batch classes"]) -> Float64[Tensor, " batch"]:
        return total_variation_distance(probabilities, self.probabilities).double()


@torch.no_grad()
def _run(
    readout: Readout, attention: Float[Tensor, "batch tokens"]
) -> Float[Tensor, "batch classes"]:
    return readout(attention.unsqueeze(1)).squeeze(1)
