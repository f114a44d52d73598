"""With how many positions the top one can exchange its weight, and nobody would notice."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float64, Int
from torch import Tensor
from torch.nn import functional

from attnaudit.errors import InvalidArgumentError
from attnaudit.measurements.at_once import parts
from attnaudit.measurements.rows import rows_beside_null
from attnaudit.measurements.shuffles import own_and_shuffled_orders, reordered
from attnaudit.measurements.top import top_positions
from attnaudit.metrics import ONE_TOKEN
from attnaudit.models.protocol import Attended, Readout
from attnaudit.models.readout import LinearReadout, apply_link
from attnaudit.records import ValueRow

_SATURATED = "saturated output"


def exchangeable_shares(
    attended: Attended, *, max_tvd: float, max_logit_change: float, draws: int, seed: int
) -> tuple[ValueRow, ...]:
    r"""Shares of the positions with which the top one can exchange weights unnoticed.

    The position of the most attention exchanges its weight with one other, and nothing else
    changes: the same weights, entropy and peak. "output-share" is the share of the others for
    which the output stays within `max_tvd` (total variation distance): a reader would see the
    same number with the highlight there. "logit-share" is the share for which the log-odds of the
    predicted class against its strongest rival change by at most `max_logit_change`: how confident
    the output is plays no part. The predicted class is that before the exchange, the rival
    whichever other class is most probable. Several top positions of equal weight are averaged.

    Each share also comes as "-null", the mean over `draws` shuffles of the model's own attention,
    each with its own top position, and as "-above-null", the share minus that: 0 on average for
    attention that points anywhere at random, negative where the top position is special.

    Where attention is constant no exchange changes anything: shares and nulls are 1. With one
    token there is nothing to exchange with and every value is undefined. If probabilities of 0
    leave the log-odds of a readout that is not linear without a value, so are the logit shares.

    For a linear readout an exchange changes the logits by
    $(\alpha_i - \alpha_j)(z_j - z_i)$, which takes time proportional to the number of tokens. Any
    other readout is run on every exchange.

    Args:
        attended: One batch at one site. All rows of a unit are exchanged alike.
        max_tvd: Total variation distance up to which outputs count as the same, in (0, 1).
        max_logit_change: Change of log-odds that counts as none, in logits (nats), positive.
        draws: Shuffles for the null, at least 1.
        seed: Seed of the run.

    Returns:
        Six rows per unit: shares and nulls in [0, 1], differences in [-1, 1].

    Raises:
        InvalidArgumentError: If the outputs are independent labels, which have no total variation
            distance.
    """
    orders = own_and_shuffled_orders(attended, measurement="exchange", draws=draws, seed=seed)
    shares = _shares(attended, orders, max_tvd=max_tvd, max_logit_change=max_logit_change)
    lengths = attended.mask.sum(dim=1).tolist()
    return tuple(
        row
        for position, unit in enumerate(attended.units)
        for name, share in (("output", shares.output), ("logit", shares.logit))
        for row in _rows(unit, f"{name}-share", share[position], length=lengths[position])
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shares:
    """Exchangeable shares of each unit, of the model's own attention and then of each shuffle."""

    output: Float64[Tensor, "batch alternatives"]
    logit: Float64[Tensor, "batch alternatives"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Tops:
    """Top positions to exchange: `position` of the attention number `order` of unit `unit`."""

    unit: Int[Tensor, " tops"]
    order: Int[Tensor, " tops"]
    position: Int[Tensor, " tops"]

    def __getitem__(self, part: slice | Tensor) -> "_Tops":
        return _Tops(unit=self.unit[part], order=self.order[part], position=self.position[part])

    def __len__(self) -> int:
        return len(self.unit)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Change:
    """What exchanging each top position with each token does; NaN in log-odds that have none."""

    tvd: Float64[Tensor, "tops tokens"]
    log_odds: Float64[Tensor, "tops tokens"]


def _shares(
    attended: Attended,
    orders: Int[Tensor, "batch alternatives tokens"],
    *,
    max_tvd: float,
    max_logit_change: float,
) -> _Shares:
    readout = attended.readout
    if isinstance(readout, LinearReadout) and readout.link == "multilabel":
        raise InvalidArgumentError(
            "independent labels have no total variation distance; the readout has link "
            '"multilabel". Audit each label by itself, as a model of two classes.'
        )
    mean = attended.rows.double().mean(dim=1, keepdim=True)
    attention = reordered(mean, orders).squeeze(2)
    top = top_positions(attention, attended.mask)
    counts = top.sum(dim=2)
    # Where every row is constant no exchange changes anything, however many there would be.
    varied = ~_constant(attended)
    unit, order, position = (top & varied[:, None, None]).nonzero(as_tuple=True)
    tops = _Tops(unit=unit, order=order, position=position)
    output = torch.where(varied[:, None], 0.0, 1.0).expand(counts.shape).double().contiguous()
    logit = output.clone()
    if isinstance(readout, LinearReadout):
        changes = _linear(readout, attention, tops)
    else:
        changes = _run(attended, orders, tops)
    for some, change in changes:
        others = attended.mask[some.unit].scatter(1, some.position[:, None], value=False)
        place, weight = (some.unit, some.order), counts[some.unit, some.order]
        for share, size, limit in (
            (output, change.tvd, max_tvd),
            (logit, change.log_odds, max_logit_change),
        ):
            unnoticed = torch.where(size.isnan(), math.nan, (size <= limit).double())
            one = torch.where(others, unnoticed, 0.0).sum(dim=1) / others.sum(dim=1)
            share.index_put_(place, one / weight, accumulate=True)
    return _Shares(output=output, logit=logit)


def _constant(attended: Attended) -> Bool[Tensor, " batch"]:
    return (top_positions(attended.rows, attended.mask) == attended.mask.unsqueeze(1)).all(
        dim=(1, 2)
    )


def _linear(
    readout: LinearReadout, attention: Float64[Tensor, "batch alternatives tokens"], tops: _Tops
) -> Iterator[tuple[_Tops, _Change]]:
    scores, bias = readout.scores.double(), readout.bias.double()
    for part in parts(len(tops), size=scores.shape[1] * scores.shape[2]):
        some = tops[part]
        weights, tokens = attention[some.unit, some.order], scores[some.unit]
        logits = torch.bmm(weights.unsqueeze(1), tokens) + bias
        here = torch.arange(len(some), device=weights.device), some.position
        moved = (weights[here].unsqueeze(1) - weights).unsqueeze(2)
        difference = moved * (tokens - tokens[here].unsqueeze(1))
        exchanged = logits + difference
        before = apply_link(logits, link=readout.link)
        after = apply_link(exchanged, link=readout.link)
        if logits.shape[2] == 1:
            logits, exchanged = (functional.pad(one, (1, 0)) for one in (logits, exchanged))
        yield some, _Change(tvd=_distance(before, after), log_odds=_lead_change(logits, exchanged))


def _run(
    attended: Attended, orders: Int[Tensor, "batch alternatives tokens"], tops: _Tops
) -> Iterator[tuple[_Tops, _Change]]:
    own = attended.rows.double()
    _, number, tokens = own.shape
    for unit in sorted(set(tops.unit.tolist())):
        index = torch.tensor([unit], device=own.device)
        readout, here = attended.readout.select(index), tops[tops.unit == unit]
        for part in parts(len(here), size=number * tokens**2):
            some = here[part]
            weights = reordered(own[index], orders[index, some.order].unsqueeze(0)).squeeze(0)
            before = _outputs(readout, weights.unsqueeze(1), dtype=attended.rows.dtype)
            exchanges = _exchanges(some.position, tokens)
            # Of a site of many rows, even one top position has too many exchanges.
            after = torch.cat(
                [
                    _outputs(
                        readout, reordered(weights, exchanges[:, few]), dtype=attended.rows.dtype
                    )
                    for few in parts(tokens, size=len(some) * number * tokens)
                ],
                dim=1,
            )
            change = _lead_change(before.log(), after.log())
            # Where a probability is 0, a lead is infinite, and what it changes by says nothing.
            change = torch.where(change.isfinite(), change, math.nan)
            yield some, _Change(tvd=_distance(before, after), log_odds=change)


def _exchanges(position: Int[Tensor, " tops"], tokens: int) -> Int[Tensor, "tops tokens tokens"]:
    """For each top position, the order after its exchange with each token in turn."""
    every = torch.arange(tokens, device=position.device)
    orders = every.expand(len(position), tokens, tokens).clone()
    which = torch.arange(len(position), device=position.device).unsqueeze(1)
    orders[which, every, every] = position.unsqueeze(1).expand(-1, tokens)
    orders[which, every, position.unsqueeze(1)] = every.expand(len(position), -1)
    return orders


def _outputs(
    readout: Readout, weights: Float64[Tensor, "tops k rows tokens"], *, dtype: torch.dtype
) -> Float64[Tensor, "tops k classes"]:
    together = weights.flatten(0, 1).unsqueeze(0).to(dtype)
    with torch.no_grad():
        probabilities = readout.replace(together).double()
    return probabilities.reshape(*weights.shape[:2], -1)


def _distance(
    before: Float64[Tensor, "tops 1 classes"], after: Float64[Tensor, "tops tokens classes"]
) -> Float64[Tensor, "tops tokens"]:
    return 0.5 * (after - before).abs().sum(dim=2)


def _lead_change(
    before: Float64[Tensor, "tops 1 classes"], after: Float64[Tensor, "tops tokens classes"]
) -> Float64[Tensor, "tops tokens"]:
    """By how much the predicted class's lead over its strongest rival changes, in logits.

    Other pairs of classes are no part of the decision, and the more classes there are the more
    such pairs any exchange disturbs.
    """
    predicted = before.argmax(dim=2, keepdim=True)
    leads = []
    for logits in (before, after):
        chosen = predicted.expand(-1, logits.shape[1], -1)
        rival = logits.scatter(2, chosen, -math.inf).amax(dim=2)
        leads.append(logits.gather(2, chosen).squeeze(2) - rival)
    return (leads[1] - leads[0]).abs()


def _rows(
    unit: tuple[str, int],
    quantity: str,
    shares: Float64[Tensor, " alternatives"],
    *,
    length: int,
) -> Iterator[ValueRow]:
    own, null = float(shares[0]), float(shares[1:].mean())
    cause = ONE_TOKEN if length == 1 else None
    if cause is None and math.isnan(own + null):
        cause = _SATURATED
    return rows_beside_null(unit, quantity, own, null, undefined=cause, null_undefined=cause)
