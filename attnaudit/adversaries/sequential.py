"""The farthest attention that any readout permits, as far as sequential linear programming gets."""

import numpy as np
import torch
from jaxtyping import Bool, Float, Float64
from torch import Tensor

from attnaudit.adversaries._instance import TOLERANCE, Instance
from attnaudit.adversaries.ascent import ascend
from attnaudit.adversaries.candidates import checked_candidates
from attnaudit.adversaries.edges import farthest_on_edges
from attnaudit.adversaries.record import Adversary
from attnaudit.adversaries.response import ReadoutResponse
from attnaudit.adversaries.retreat import retreat
from attnaudit.adversaries.segments import farthest_on_segments
from attnaudit.adversaries.unit import Unit
from attnaudit.metrics import jensen_shannon_divergence
from attnaudit.models.protocol import Readout
from attnaudit.records import Bound


def sequential_adversary(
    attention: Float[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
    readout: Readout,
    *,
    max_tvd: float,
    candidates: Float[Tensor, "batch k tokens"] | None = None,
    runs: int = 4096,
) -> Adversary:
    r"""A distant attention whose output lies within `max_tvd` of the model's, for any readout.

    Single tokens and pairs are tried first (`edges`). From the best of them, from the model's own
    attention and from every candidate, linear programmes with the readout's own Jacobian go on
    (`ascent`). Every unit is treated alone, without chance.

    Args:
        attention: The model's own weights, on the simplex over `mask`; for a readout other than
            `LinearReadout`, in the precision the readout works in.
        mask: True at a real token.
        readout: Output as a function of attention; differentiable.
        max_tvd: Permitted total variation distance of the output, in [0, 1].
        candidates: Attentions to begin from as well, for example the witness of a search; each on
            the simplex over `mask`. An admissible one is never fallen short of.
        runs: How many attentions on pairs of tokens the readout may be run on per unit.

    Returns:
        Witnesses, each confirmed by a run of the readout, with kind LOWER: a larger divergence
        may exist, up to the free maximum.

    Raises:
        InvalidArgumentError: If attention or a candidate is not a distribution over the mask, the
            output is not a distribution, or `max_tvd` is out of range.
        InternalError: If the readout does not give the same output twice.

    Source:
        The quantity is the ε-max JSD of Jain & Wallace (2019), section 4.2.2.
    """
    instance = Instance.checked(attention, mask, readout, max_tvd=max_tvd)
    begin = checked_candidates(candidates, mask)
    witness = torch.zeros_like(instance.attention)
    for row, real in enumerate(mask):
        response = ReadoutResponse.of(instance.select(torch.tensor([row], device=mask.device)))
        weights = instance.attention[row, real].cpu().numpy()
        unit = Unit.of(weights, response, max_tvd=max_tvd, dtype=instance.dtype)
        found = _farthest(unit, begin[row][:, real].cpu().numpy(), runs=runs)
        witness[row, real] = torch.from_numpy(found).to(witness)
    witness = _or_better(instance, retreat(instance, witness, max_tvd=max_tvd), begin, max_tvd)
    return instance.adversary(witness, max_tvd=max_tvd, upper_bound=None, kind=Bound.LOWER)


def _farthest(
    unit: Unit, candidates: Float64[np.ndarray, "k tokens"], *, runs: int
) -> Float64[np.ndarray, " tokens"]:
    edge = farthest_on_edges(unit, runs=runs)
    # From the model's own attention to itself is a line on which only itself lies.
    ends = [unit.attention, *candidates] + ([] if edge is None else [edge])
    found = []
    for end in ends:
        start = farthest_on_segments(unit, unit.attention[None], end[None])
        found.append(unit.attention if start is None else ascend(unit, start))
    return found[int(unit.divergence(np.stack(found)).argmax())]


def _or_better(
    instance: Instance,
    witness: Float64[Tensor, "batch tokens"],
    candidates: Float64[Tensor, "batch k tokens"],
    max_tvd: float,
) -> Float64[Tensor, "batch tokens"]:
    # A witness aims inside the permitted distance; a candidate may make use of all of it.
    value = jensen_shannon_divergence(instance.attention, witness)
    for index in range(candidates.shape[1]):
        candidate = candidates[:, index]
        other = jensen_shannon_divergence(instance.attention, candidate)
        better = (other > value) & (instance.tvd(candidate) <= max_tvd + TOLERANCE / 2)
        witness = torch.where(better.unsqueeze(1), candidate, witness)
        value = torch.where(better, other, value)
    return witness
