"""How freely can attention vary while the output stays? For a readout linear up to its link."""

import math
from collections.abc import Iterator

import torch
from jaxtyping import Bool, Float64
from torch import Tensor

from attnaudit.adversaries import admits_interval
from attnaudit.adversaries.slab import Slab, logit_slab
from attnaudit.measurements.enclosed_row import enclosed_row
from attnaudit.measurements.output_range import OutputRange, output_range
from attnaudit.measurements.rescaling import rescaled_top
from attnaudit.measurements.rows import exact_row
from attnaudit.measurements.shuffles import own_and_shuffled_orders, reordered
from attnaudit.measurements.slab_weights import rescale_interval, weight_range
from attnaudit.measurements.token_logits import token_logits
from attnaudit.measurements.top import mean_over, top_positions
from attnaudit.models.protocol import Attended
from attnaudit.models.readout import LinearReadout
from attnaudit.records import ValueRow

_NOT_LINEAR = "output not linear in attention up to its link"
_SEVERAL_CLASSES = "no closed form for several classes"
_ALL_ON_ONE = "all weight on one token"

_TOP_WEIGHTS = ("least-top-weight", "largest-top-weight")
_RESCALED = ("rescale-low", "rescale-high", "rescale-width")
_OUTPUTS = ("lowest-output", "highest-output", "output-width")


def freedom(attended: Attended, *, max_tvd: float, draws: int, seed: int) -> tuple[ValueRow, ...]:
    """What the geometry of a linear readout leaves open; descriptions, all in [0, 1].

    * "least-top-weight" and "largest-top-weight": what the top position may weigh in any attention
      whose output stays within `max_tvd` (total variation distance). 1 for a single token.
      Undefined for more than two classes.
    * "rescale-low", "rescale-high", "rescale-width": the interval of weights that the top position
      may be given, all others in their proportions, and its length. It contains the weight it has.
      Undefined where the others have no weight.
    * each with "-null", its mean over `draws` shuffles of the model's own attention.
    * "lowest-output", "highest-output", "output-width": the probability of one class that some
      attention gives at least and at most, and the difference. The class is the second of two, and
      the predicted one of more, whose highest output is enclosed (see `output_range`). Where the
      width of two classes is below `max_tvd`, attention cannot matter.

    Several top positions of equal weight are averaged. These are no claims: a saturated output
    makes every weight free, however faithful the attention is.

    Args:
        attended: One batch at one site.
        max_tvd: Total variation distance up to which outputs count as the same, in (0, 1).
        draws: Shuffles for the null, at least 1.
        seed: Seed of the run.

    Returns:
        Thirteen rows per unit. Undefined throughout if the output is not a function of logits that
        are linear in attention.

    Raises:
        InvalidArgumentError: If a document is longer than `shuffles.MOST_TOKENS`.
    """
    orders = own_and_shuffled_orders(attended, measurement="freedom", draws=draws, seed=seed)
    rows = reordered(attended.attention.double().unsqueeze(1), orders).squeeze(2)
    rows = rows / rows.sum(dim=2, keepdim=True)
    tokens = token_logits(attended.readout)
    if tokens is not None:
        return tuple(_of_one_logit(attended, tokens, rows, max_tvd=max_tvd))
    if admits_interval(attended.readout):
        return tuple(_of_several_classes(attended, attended.readout, rows, max_tvd=max_tvd))
    names = (*_with_nulls(_TOP_WEIGHTS), *_with_nulls(_RESCALED), *_OUTPUTS)
    return tuple(row for unit in attended.units for row in _undefined(unit, names, _NOT_LINEAR))


def _with_nulls(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name}{end}" for name in names for end in ("", "-null"))


def _undefined(unit: tuple[str, int], names: tuple[str, ...], cause: str) -> Iterator[ValueRow]:
    for name in names:
        yield exact_row(unit, name, math.nan, undefined=cause)


def _of_one_logit(
    attended: Attended,
    tokens: Float64[Tensor, "batch tokens"],
    rows: Float64[Tensor, "batch k tokens"],
    *,
    max_tvd: float,
) -> Iterator[ValueRow]:
    found = _top_weights(rows, attended.mask, tokens, max_tvd=max_tvd)
    for position, unit in enumerate(attended.units):
        values = [one[position] for one in found]
        yield from _weight_rows(unit, (*_TOP_WEIGHTS, *_RESCALED), values)
        yield from _output_rows(unit, tokens[position][attended.mask[position]])


def _of_several_classes(
    attended: Attended,
    readout: LinearReadout,
    rows: Float64[Tensor, "batch k tokens"],
    *,
    max_tvd: float,
) -> Iterator[ValueRow]:
    logits = readout.scores.detach().double() + readout.bias.detach().double()
    low, high = rescaled_top(rows, attended.mask, logits, max_tvd=max_tvd)
    outputs = output_range(logits, attended.mask, attended.probabilities.argmax(dim=1))
    for position, unit in enumerate(attended.units):
        values = [one[position] for one in (low, high, high - low)]
        yield from _undefined(unit, _with_nulls(_TOP_WEIGHTS), _SEVERAL_CLASSES)
        yield from _weight_rows(unit, _RESCALED, values)
        yield from _enclosed_output_rows(unit, outputs, position)


def _top_weights(
    attention: Float64[Tensor, "batch k tokens"],
    mask: Bool[Tensor, "batch tokens"],
    tokens: Float64[Tensor, "batch tokens"],
    *,
    max_tvd: float,
) -> tuple[Float64[Tensor, "batch k"], ...]:
    """The quantities in their order, of every attention."""
    logit = (attention * tokens.unsqueeze(1)).sum(dim=2)
    low, high = logit_slab(logit.flatten(), max_tvd=max_tvd)
    slab = Slab(*(end.reshape(logit.shape).unsqueeze(2) for end in (low, high)))
    least, largest = weight_range(tokens, mask, slab)
    low, high = rescale_interval(attention, tokens, slab)
    top = top_positions(attention, mask)
    return tuple(mean_over(top, values) for values in (least, largest, low, high, high - low))


def _weight_rows(
    unit: tuple[str, int], names: tuple[str, ...], found: list[Float64[Tensor, " k"]]
) -> Iterator[ValueRow]:
    for quantity, values in zip(names, found, strict=True):
        cause = _ALL_ON_ONE if bool(values.isnan().any()) else None
        yield exact_row(unit, quantity, float(values[0]), undefined=cause)
        yield exact_row(unit, f"{quantity}-null", float(values[1:].mean()), undefined=cause)


def _output_rows(unit: tuple[str, int], tokens: Float64[Tensor, " tokens"]) -> Iterator[ValueRow]:
    low, high = torch.sigmoid(tokens.amin()), torch.sigmoid(tokens.amax())
    for quantity, value in zip(_OUTPUTS, (low, high, high - low), strict=True):
        yield exact_row(unit, quantity, float(value))


def _enclosed_output_rows(
    unit: tuple[str, int], outputs: OutputRange, position: int
) -> Iterator[ValueRow]:
    ends = (outputs.lowest, outputs.highest, outputs.bound)
    low, high, bound = (float(end[position]) for end in ends)
    yield exact_row(unit, "lowest-output", low)
    yield enclosed_row(unit, "highest-output", lower=high, upper=bound)
    yield enclosed_row(unit, "output-width", lower=high - low, upper=bound - low)
