"""The farthest attention that keeps a two-class output, solved rather than searched for."""

from typing import TypeGuard

import torch
from jaxtyping import Bool, Float, Float64
from torch import Tensor

from attnaudit.adversaries._instance import TOLERANCE, Instance
from attnaudit.adversaries.record import Adversary
from attnaudit.adversaries.slab import logit_slab
from attnaudit.adversaries.vertices import farthest_vertices
from attnaudit.errors import InvalidArgumentError
from attnaudit.metrics import check_finite, jensen_shannon_divergence
from attnaudit.models.protocol import Readout
from attnaudit.models.readout import LinearReadout
from attnaudit.records import Bound

STEPS_BACK = (1e-5, 1e-4, 1e-3, 1e-2)
"""How far inside the permitted distance to aim when rounding in the readout defeats the first."""


def admits_exact(readout: Readout) -> TypeGuard[LinearReadout]:
    """Whether the output depends on attention through one logit that is linear in it."""
    if not isinstance(readout, LinearReadout):
        return False
    columns = readout.scores.shape[2]
    return (readout.link, columns) in {("sigmoid", 1), ("softmax", 2)}


def exact_adversary(
    attention: Float[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
    readout: Readout,
    *,
    max_tvd: float,
) -> Adversary:
    r"""The attention farthest from the model's own whose output lies within `max_tvd` of its.

    A bound on the total variation distance of two classes is a slab of logits, the logit is
    linear in attention, and the divergence is convex: the maximum is attained by one token or by
    a mixture of two. All arithmetic is in float64. The solution aims inside the permitted
    distance $\epsilon$ by $10^{-9} \epsilon + 10^{-12}$, or by $10^{-6}$ if the readout is coarser
    than float64, so that the witness satisfies the bound when the readout is run on it.

    Args:
        attention: The model's own weights, on the simplex over `mask`; renormalised in float64.
        mask: True at a real token.
        readout: A linear readout into one sigmoid or into a softmax over two classes.
        max_tvd: Permitted total variation distance of the output, in [0, 1].

    Returns:
        Witnesses, each confirmed by a run of the readout, with kind EXACT. Where rounding in the
        readout is so coarse that a witness has to aim further inside, `upper_bound` keeps the
        value of the first solution and the kind of the whole is INTERVAL.

    Raises:
        InvalidArgumentError: If the readout does not fit (see `admits_exact`), attention is not a
            distribution over the mask, a score is not finite, or `max_tvd` is out of range.
        InternalError: If a witness exceeds `max_tvd` by more than 1e-6.

    Source:
        The quantity is the ε-max JSD of Jain & Wallace (2019), section 4.2.2.

    Example:
        >>> scores = torch.tensor([[[2.0], [2.0], [0.0]]])
        >>> readout = LinearReadout(scores, torch.zeros(1), "sigmoid")
        >>> mask = torch.ones(1, 3, dtype=torch.bool)
        >>> found = exact_adversary(torch.tensor([[0.9, 0.1, 0.0]]), mask, readout, max_tvd=0.0)
        >>> found.attention.tolist()
        [[0.0, 1.0, 0.0]]
    """
    if not admits_exact(readout):
        raise InvalidArgumentError(
            "exact_adversary needs a LinearReadout with one sigmoid or a softmax over two "
            f"classes; got {_describe(readout)}. Use search_adversary, or audit the labels of a "
            "multi-label model one at a time."
        )
    logits = _token_logits(readout, mask)
    instance = Instance.checked(attention, mask, readout, max_tvd=max_tvd)
    aim = max_tvd * 1e-9 + 1e-12 if instance.dtype == torch.float64 else TOLERANCE
    witness = _solve(instance, logits, max_tvd=max_tvd - aim)
    upper_bound = jensen_shannon_divergence(instance.attention, witness)
    failing = _exceeding(instance, witness, max_tvd=max_tvd)
    kind = Bound.INTERVAL if len(failing) else Bound.EXACT
    for step in STEPS_BACK:
        if len(failing) == 0:
            break
        part = instance.select(failing)
        closer = _solve(part, logits[failing], max_tvd=max_tvd - step)
        witness[failing] = closer
        failing = failing[_exceeding(part, closer, max_tvd=max_tvd)]
    witness[failing] = instance.attention[failing]
    return instance.adversary(witness, max_tvd=max_tvd, upper_bound=upper_bound, kind=kind)


def _token_logits(
    readout: LinearReadout, mask: Bool[Tensor, "batch tokens"]
) -> Float64[Tensor, "batch tokens"]:
    outputs = readout.scores.detach().double() + readout.bias.detach().double()
    logits = outputs[..., -1] if readout.link == "sigmoid" else outputs[..., 1] - outputs[..., 0]
    if logits.shape != mask.shape:
        raise InvalidArgumentError(
            f"the readout has scores for {list(logits.shape)} units and tokens, the mask has "
            f"{list(mask.shape)}. Pass the readout of the same batch."
        )
    logits = logits.masked_fill(~mask, 0)
    check_finite(logits, name="the logit of each token")
    return logits


def _solve(
    instance: Instance, logits: Float64[Tensor, "batch tokens"], *, max_tvd: float
) -> Float64[Tensor, "batch tokens"]:
    logit = (instance.attention * logits).sum(dim=1)
    slab = logit_slab(logit, max_tvd=max(max_tvd, 0.0))
    vertices = farthest_vertices(instance.attention, instance.mask, logits, slab)
    return vertices.or_else(instance.attention)


def _exceeding(
    instance: Instance, witness: Float64[Tensor, "batch tokens"], *, max_tvd: float
) -> Tensor:
    # Half the tolerance: a run in another batch may round otherwise and must pass all the same.
    return (instance.tvd(witness) > max_tvd + TOLERANCE / 2).nonzero().squeeze(1)


def _describe(readout: Readout) -> str:
    if isinstance(readout, LinearReadout):
        return f'link "{readout.link}" with {readout.scores.shape[2]} score columns'
    return type(readout).__name__
