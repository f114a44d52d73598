"""The farthest attention that keeps an output of several classes, enclosed from both sides."""

from typing import TypeGuard

import torch
from jaxtyping import Bool, Float, Float64
from torch import Tensor

from attnaudit.adversaries._instance import Instance
from attnaudit.adversaries.bounds import free_maximum
from attnaudit.adversaries.candidates import checked_candidates
from attnaudit.adversaries.record import Adversary
from attnaudit.adversaries.response import SoftmaxResponse
from attnaudit.adversaries.retreat import retreat
from attnaudit.adversaries.several_classes import enclose
from attnaudit.adversaries.unit import Unit
from attnaudit.errors import InternalError, InvalidArgumentError
from attnaudit.metrics import check_finite, jensen_shannon_divergence
from attnaudit.models.protocol import Readout
from attnaudit.models.readout import LinearReadout
from attnaudit.records import Bound

ROUNDING = 1e-9
"""Nats by which a witness may exceed its bound, since both are computed in float64."""


def admits_interval(readout: Readout) -> TypeGuard[LinearReadout]:
    """Whether the output is a softmax over two or more classes, linear in attention before it."""
    return (
        isinstance(readout, LinearReadout)
        and readout.link == "softmax"
        and readout.scores.shape[2] > 1
    )


def interval_adversary(
    attention: Float[Tensor, "batch tokens"],
    mask: Bool[Tensor, "batch tokens"],
    readout: Readout,
    *,
    max_tvd: float,
    candidates: Float[Tensor, "batch k tokens"] | None = None,
) -> Adversary:
    r"""Witness and upper bound for the farthest attention whose output lies within `max_tvd`.

    With three or more classes the admissible attentions are no polytope, so the maximum is
    enclosed. From below: single tokens and pairs (`edges`), a corner of the inner polytope of
    Hilbert's metric (`hilbert`) and of the relaxation after cuts (`joint`), each carried on by
    sequential linear programming (`ascent`) until the interval is narrow. From above: the exact
    solution for the pair of classes that limits most (`pairwise`), or the relaxation over all
    pairs where that is less.

    Every unit is solved alone, in float64 and without padding or chance, so neither batch nor
    order can change it. The witness aims inside the permitted distance $\epsilon$ by
    $10^{-9} \epsilon + 10^{-12}$, or by $10^{-6}$ if the readout is coarser than float64.

    Args:
        attention: The model's own weights, on the simplex over `mask`; renormalised in float64.
        mask: True at a real token.
        readout: A linear readout into a softmax over two or more classes.
        max_tvd: Permitted total variation distance of the output, in [0, 1].
        candidates: Attentions to begin from as well, for example the witness of a search; each on
            the simplex over `mask`.

    Returns:
        Witnesses, each confirmed by a run of the readout, with kind INTERVAL: the maximum lies
        between `divergence` and `upper_bound`.

    Raises:
        InvalidArgumentError: If the readout does not fit (see `admits_interval`), attention or a
            candidate is not a distribution over the mask, a score is not finite, or `max_tvd` is
            out of range.
        InternalError: If a witness exceeds `max_tvd` by more than 1e-6, or its upper bound.

    Source:
        The quantity is the ε-max JSD of Jain & Wallace (2019), section 4.2.2.

    Example:
        >>> scores = torch.tensor([[[2.0, 0.0, 0.0], [2.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])
        >>> readout = LinearReadout(scores, torch.zeros(3), "softmax")
        >>> mask = torch.ones(1, 3, dtype=torch.bool)
        >>> found = interval_adversary(torch.tensor([[0.9, 0.1, 0.0]]), mask, readout, max_tvd=0.0)
        >>> found.attention.tolist()
        [[0.0, 1.0, 0.0]]
    """
    if not admits_interval(readout):
        raise InvalidArgumentError(
            "interval_adversary needs a LinearReadout with a softmax over two or more classes; got "
            f"{_describe(readout)}. Use exact_adversary for one sigmoid, sequential_adversary for "
            "any other readout."
        )
    logits = _token_logits(readout, mask)
    instance = Instance.checked(attention, mask, readout, max_tvd=max_tvd)
    begin = checked_candidates(candidates, mask)
    witness = torch.zeros_like(instance.attention)
    upper_bound = torch.zeros_like(instance.attention[:, 0])
    for row, real in enumerate(mask):
        weights = instance.attention[row, real].cpu().numpy()
        response = SoftmaxResponse(logits[row, real].cpu().numpy())
        enclosure = enclose(
            Unit.of(weights, response, max_tvd=max_tvd, dtype=instance.dtype),
            response.logits,
            candidates=begin[row][:, real].cpu().numpy(),
        )
        witness[row, real] = torch.from_numpy(enclosure.weights).to(witness)
        upper_bound[row] = enclosure.bound
    witness = retreat(instance, witness, max_tvd=max_tvd)
    return instance.adversary(
        witness,
        max_tvd=max_tvd,
        upper_bound=_above(witness, upper_bound, instance),
        kind=Bound.INTERVAL,
    )


def _token_logits(
    readout: LinearReadout, mask: Bool[Tensor, "batch tokens"]
) -> Float64[Tensor, "batch tokens classes"]:
    logits = readout.scores.detach().double() + readout.bias.detach().double()
    if logits.shape[:2] != mask.shape:
        raise InvalidArgumentError(
            f"the readout has scores for {list(logits.shape[:2])} units and tokens, the mask has "
            f"{list(mask.shape)}. Pass the readout of the same batch."
        )
    logits = logits.masked_fill(~mask.unsqueeze(2), 0)
    check_finite(logits, name="the logits of each token")
    return logits


def _above(
    witness: Float64[Tensor, "batch tokens"],
    bound: Float64[Tensor, " batch"],
    instance: Instance,
) -> Float64[Tensor, " batch"]:
    bound = torch.minimum(bound, free_maximum(instance.attention, instance.mask))
    divergence = jensen_shannon_divergence(instance.attention, witness)
    excess = divergence - bound
    if bool((excess > ROUNDING).any()):
        row = int(excess.argmax())
        raise InternalError(
            f"the witness of row {row} has a divergence of {divergence[row].item():.9g}, above its "
            f"upper bound of {bound[row].item():.9g}. Please report this."
        )
    return torch.maximum(bound, divergence)


def _describe(readout: Readout) -> str:
    if isinstance(readout, LinearReadout):
        return f'link "{readout.link}" with {readout.scores.shape[2]} score columns'
    return type(readout).__name__
