"""What every adversary returns: a witness, what it attains, and what is proved of the rest."""

from dataclasses import dataclass

from jaxtyping import Float, Float64
from torch import Tensor

from attnaudit.records import Bound


@dataclass(frozen=True, kw_only=True, slots=True)
class Adversary:
    """The attention found farthest from the model's own, per unit, with the output kept.

    Attributes:
        attention: [batch tokens] the witness, on the simplex over the mask.
        divergence: [batch] its Jensen-Shannon divergence from the model's attention, in nats,
            in [0, ln 2].
        upper_bound: [batch] no admissible attention has a larger divergence, in nats.
        tvd: [batch] total variation distance between the output under the witness and the output
            under the model's attention, both from a run of the readout, in [0, 1].
        probabilities: [batch classes] the output under the witness.
        free_maximum: [batch] the largest divergence of any attention, whatever the output, in
            nats.
        kind: EXACT if `divergence` and `upper_bound` coincide in every unit because the problem
            was solved, INTERVAL if they enclose the maximum, LOWER if `divergence` is only what a
            search found and `upper_bound` is the free maximum.
    """

    attention: Float64[Tensor, "batch tokens"]
    divergence: Float64[Tensor, " batch"]
    upper_bound: Float64[Tensor, " batch"]
    tvd: Float64[Tensor, " batch"]
    probabilities: Float[Tensor, "batch classes"]
    free_maximum: Float64[Tensor, " batch"]
    kind: Bound
