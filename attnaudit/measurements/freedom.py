"""How freely can attention vary while the output stays? Closed forms for a linear readout."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float64
from torch import Tensor

from attnaudit.adversaries import admits_exact
from attnaudit.adversaries.slab import Slab, logit_slab
from attnaudit.measurements.rows import exact_row
from attnaudit.measurements.shuffles import own_and_shuffled_orders, reordered
from attnaudit.measurements.top import mean_over, top_positions
from attnaudit.models.protocol import Attended
from attnaudit.models.readout import LinearReadout
from attnaudit.records import ValueRow

_NOT_LINEAR = "output not one linear logit"
_ALL_ON_ONE = "all weight on one token"

_QUANTITIES = (
    *("least-top-weight", "largest-top-weight"),
    *("rescale-low", "rescale-high", "rescale-width"),
)
_OUTPUTS = ("lowest-output", "highest-output", "output-width")


def freedom(attended: Attended, *, max_tvd: float, draws: int, seed: int) -> tuple[ValueRow, ...]:
    """What the geometry of a linear readout leaves open; descriptions, all in [0, 1].

    * "least-top-weight" and "largest-top-weight": what the top position may weigh in any attention
      whose output stays within `max_tvd` (total variation distance). 1 for a single token.
    * "rescale-low", "rescale-high", "rescale-width": the interval of weights that the top position
      may be given, all others in their proportions, and its length. It contains the weight it has.
      Undefined where the others have no weight.
    * each with "-null", its mean over `draws` shuffles of the model's own attention.
    * "lowest-output", "highest-output", "output-width": the probability of the second class that
      some attention gives at least and at most, and the difference. Where it is below `max_tvd`,
      attention cannot matter.

    Several top positions of equal weight are averaged. These are no claims: a saturated output
    makes every weight free, however faithful the attention is.

    Args:
        attended: One batch at one site.
        max_tvd: Total variation distance up to which outputs count as the same, in (0, 1).
        draws: Shuffles for the null, at least 1.
        seed: Seed of the run.

    Returns:
        Thirteen rows per unit. Undefined throughout if the output is not a function of one logit
        that is linear in attention.
    """
    readout = attended.readout
    if not admits_exact(readout):
        return tuple(_undefined(attended))
    orders = own_and_shuffled_orders(attended, measurement="freedom", draws=draws, seed=seed)
    rows = reordered(attended.attention.double().unsqueeze(1), orders).squeeze(2)
    tokens = _token_logits(readout)
    found = _top_weights(rows, attended.mask, tokens, max_tvd=max_tvd)
    return tuple(
        row
        for position, unit in enumerate(attended.units)
        for row in (
            *_weight_rows(unit, [values[position] for values in found]),
            *_output_rows(unit, tokens[position][attended.mask[position]]),
        )
    )


def _undefined(attended: Attended) -> Iterator[ValueRow]:
    names = (*(f"{name}{end}" for name in _QUANTITIES for end in ("", "-null")), *_OUTPUTS)
    for unit in attended.units:
        for name in names:
            yield exact_row(unit, name, math.nan, undefined=_NOT_LINEAR)


def _token_logits(readout: LinearReadout) -> Float64[Tensor, "batch tokens"]:
    """The logit of the second class that each token would give alone."""
    logits = readout.scores.double() + readout.bias.double()
    return logits[:, :, 0] if readout.link == "sigmoid" else logits[:, :, 1] - logits[:, :, 0]


def _top_weights(
    attention: Float64[Tensor, "batch k tokens"],
    mask: Bool[Tensor, "batch tokens"],
    tokens: Float64[Tensor, "batch tokens"],
    *,
    max_tvd: float,
) -> tuple[Float64[Tensor, "batch k"], ...]:
    """The quantities in their order, of every attention."""
    attention = attention / attention.sum(dim=2, keepdim=True)
    logit = (attention * tokens.unsqueeze(1)).sum(dim=2)
    low, high = logit_slab(logit.flatten(), max_tvd=max_tvd)
    slab = Slab(*(end.reshape(logit.shape).unsqueeze(2) for end in (low, high)))
    least, largest = weight_range(tokens, mask, slab)
    low, high = rescale_interval(attention, tokens, logit, slab)
    top = top_positions(attention, mask)
    return tuple(mean_over(top, values) for values in (least, largest, low, high, high - low))


@dataclass(frozen=True, slots=True)
class _Others:
    """Least and largest logit among all tokens but one, for each token."""

    least: Float64[Tensor, "batch 1 tokens"]
    largest: Float64[Tensor, "batch 1 tokens"]


def weight_range(
    tokens: Float64[Tensor, "batch tokens"], mask: Bool[Tensor, "batch tokens"], slab: Slab
) -> tuple[Float64[Tensor, "batch k tokens"], Float64[Tensor, "batch k tokens"]]:
    r"""Least and largest weight of each token over all attentions with a logit inside the slab.

    With weight w on a token of logit z, the rest can put the logit anywhere in
    $w z + (1 - w) [\min o, \max o]$, where o are the logits of the others.

    Args:
        tokens: Logit that each token would give alone.
        mask: True at a real token; other entries of the results mean nothing.
        slab: [batch k 1] ends of each slab, of which the document reaches at least one point.
    """
    others = _others(tokens, mask)
    z = tokens.unsqueeze(1)
    below, above = z < slab.low, z > slab.high
    largest = torch.where(
        above, (slab.high - others.least) / (z - others.least), torch.ones_like(z)
    )
    largest = torch.where(below, (others.largest - slab.low) / (others.largest - z), largest)
    under, over = others.largest < slab.low, others.least > slab.high
    least = torch.where(
        under, (slab.low - others.largest) / (z - others.largest), torch.zeros_like(z)
    )
    least = torch.where(over, (others.least - slab.high) / (others.least - z), least)
    # A single token has all the weight; there are no others whose logits could be compared.
    single = (mask.sum(dim=1) == 1)[:, None, None]
    return least.masked_fill(single, 1.0).clamp(0, 1), largest.masked_fill(single, 1.0).clamp(0, 1)


def _others(tokens: Float64[Tensor, "batch tokens"], mask: Bool[Tensor, "batch tokens"]) -> _Others:
    return _Others(
        -_largest_other(-tokens, mask).unsqueeze(1), _largest_other(tokens, mask).unsqueeze(1)
    )


def _largest_other(
    tokens: Float64[Tensor, "batch tokens"], mask: Bool[Tensor, "batch tokens"]
) -> Float64[Tensor, "batch tokens"]:
    real = torch.nn.functional.pad(tokens.masked_fill(~mask, -math.inf), (0, 1), value=-math.inf)
    values, places = real.topk(2, dim=1)
    here = torch.arange(tokens.shape[1], device=tokens.device)
    return torch.where(here == places[:, :1], values[:, 1:], values[:, :1])


def rescale_interval(
    attention: Float64[Tensor, "batch k tokens"],
    tokens: Float64[Tensor, "batch tokens"],
    logit: Float64[Tensor, "batch k"],
    slab: Slab,
) -> tuple[Float64[Tensor, "batch k tokens"], Float64[Tensor, "batch k tokens"]]:
    r"""Weights each token may be given, the others in proportion, with the logit inside the slab.

    The logit is then $w z + (1 - w) r$, where $r = (u - \alpha z)/(1 - \alpha)$ is what the others
    give by themselves.

    Args:
        attention: Weights $\alpha$, which sum to 1.
        tokens: Logit z that each token would give alone.
        logit: The logits u under `attention`, inside their slabs.
        slab: [batch k 1] ends of each slab.

    Returns:
        Lower and upper ends in [0, 1]; NaN where the others have no weight.
    """
    z = tokens.unsqueeze(1)
    rest = (logit.unsqueeze(2) - attention * z) / (1 - attention)
    first, second = ((end - rest) / (z - rest) for end in slab)
    unmoved = z == rest
    low = torch.where(unmoved, 0.0, torch.minimum(first, second).clamp(0, 1))
    high = torch.where(unmoved, 1.0, torch.maximum(first, second).clamp(0, 1))
    alone = attention == 1
    return low.masked_fill(alone, math.nan), high.masked_fill(alone, math.nan)


def _weight_rows(unit: tuple[str, int], found: list[Float64[Tensor, " k"]]) -> Iterator[ValueRow]:
    for quantity, values in zip(_QUANTITIES, found, strict=True):
        cause = _ALL_ON_ONE if bool(values.isnan().any()) else None
        yield exact_row(unit, quantity, float(values[0]), undefined=cause)
        yield exact_row(unit, f"{quantity}-null", float(values[1:].mean()), undefined=cause)


def _output_rows(unit: tuple[str, int], tokens: Float64[Tensor, " tokens"]) -> Iterator[ValueRow]:
    low, high = torch.sigmoid(tokens.amin()), torch.sigmoid(tokens.amax())
    for quantity, value in zip(_OUTPUTS, (low, high, high - low), strict=True):
        yield exact_row(unit, quantity, float(value))
