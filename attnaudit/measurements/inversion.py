"""What would attention raised to a power decide? With exponent -1, attention inverted."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Float64, Int
from torch import Tensor

from attnaudit.measurements.at_once import parts
from attnaudit.measurements.rows import exact_row, rows_beside_null
from attnaudit.measurements.shuffles import own_and_shuffled_orders, reordered
from attnaudit.metrics import total_variation_distance
from attnaudit.models.protocol import Attended, AttentionModel, Batch
from attnaudit.records import ValueRow

CURVE = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
"""Exponents whose distances are always stored beside the one that was asked for."""

_SATURATED = "saturated output"


def inversion(
    model: AttentionModel,
    batch: Batch,
    *,
    site: str,
    exponent: float,
    max_logit_change: float,
    draws: int,
    seed: int,
) -> tuple[ValueRow, ...]:
    r"""What the output becomes under attention proportional to $\alpha^\gamma$.

    That is the attention of a real model: the same encoder and head, and a scorer whose last
    layer is multiplied by $\gamma$, the same for all documents. Of the order of the positions,
    exponent 0 forgets it, -1 inverts it.

    * "tvd" in [0, 1]: total variation distance from the model's own output.
    * "decision-changed": 1 if another class is predicted, 0 otherwise.
    * "log-odds-lost" in logits, not bounded: log-odds of the predicted class against the
      runner-up under the model's own attention, minus those of the same two under the other.
      Positive where attention served the decision, negative where it stood in its way. Undefined
      where a probability is 0. A third class that takes over shows in "decision-changed" and "tvd"
      alone: attention that hides the evidence decides for any class, and of many classes the
      evidence rarely argues for that one, so inverting it would nearly always seem to weaken the
      decision.
    * "decision-weakened": 1 if more log-odds are lost than `max_logit_change`, -1 if more are
      gained, 0 otherwise. Undefined where the log-odds lost are. Without the gains, attention
      that hides the evidence would pass: whichever way its output happens to fall, inverting it
      undoes every other decision.
    * each with "-null", the mean of the same over `draws` shuffles of the model's own attention,
      raised to the same power, and "-above-null", the value minus that.
    * "tvd(g)" for every exponent g in `CURVE`: the same distance at other exponents.

    A document of one token has one attention: nothing changes.

    Args:
        model: The model.
        batch: Documents.
        site: Attention site. Where it has several rows, each is raised to the power by itself.
        exponent: The power $\gamma$, finite.
        max_logit_change: Change of log-odds that counts as none, in logits (nats), positive.
        draws: Shuffles for the null, at least 1.
        seed: Seed of the run.
    """
    [attended] = model.attend(batch, sites=[site])
    orders = own_and_shuffled_orders(attended, measurement="inversion", draws=draws, seed=seed)
    before, after = _before_and_after(attended, orders, exponent)
    effect = _effect(before, after)
    curve = _curve(attended)
    change = total_variation_distance(curve, before[:, :1].expand(-1, len(CURVE), -1))
    return tuple(
        row
        for position, unit in enumerate(attended.units)
        for row in (
            *_effect_rows(unit, effect.select(position), max_logit_change=max_logit_change),
            *_curve_rows(unit, change[position].tolist()),
        )
    )


def powered_attention(
    attention: Float[Tensor, "*batch tokens"], mask: Bool[Tensor, "*batch tokens"], exponent: float
) -> Float64[Tensor, "*batch tokens"]:
    r"""$\alpha_t^\gamma / \sum_r \alpha_r^\gamma$ over the mask, in logarithms.

    A weight of 0 is taken for what a softmax leaves of a score too low for its precision. So it
    stays 0 under a positive exponent; under exponent 0 it is like any other, and all real tokens
    are equal; and under a negative exponent the tokens of weight 0 outgrow all others and share
    the whole weight equally.

    Args:
        attention: Weights on the simplex over `mask`.
        mask: True at a real token.
        exponent: The power, finite.

    Returns:
        Weights on the simplex over `mask`, in float64.

    Example:
        >>> weights = torch.tensor([0.5, 0.25, 0.25])
        >>> powered_attention(weights, torch.ones(3, dtype=torch.bool), -1.0).tolist()
        [0.2, 0.4, 0.4]
    """
    weights = attention.double()
    # Zero times the logarithm of zero would not be a number.
    scores = torch.zeros_like(weights) if exponent == 0 else exponent * weights.log()
    scores = scores.masked_fill(~mask, -math.inf)
    highest = scores.amax(dim=-1, keepdim=True)
    relative = torch.where(scores == highest, 0.0, scores - highest).exp()
    return relative / relative.sum(dim=-1, keepdim=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Effect:
    """Of each unit, for the model's own attention and then for each shuffle."""

    tvd: Float64[Tensor, "*batch alternatives"]
    decision_changed: Float64[Tensor, "*batch alternatives"]
    log_odds_lost: Float64[Tensor, "*batch alternatives"]

    def select(self, position: int) -> "_Effect":
        return _Effect(
            tvd=self.tvd[position],
            decision_changed=self.decision_changed[position],
            log_odds_lost=self.log_odds_lost[position],
        )


def _before_and_after(
    attended: Attended, orders: Int[Tensor, "batch k tokens"], exponent: float
) -> tuple[Float[Tensor, "batch k classes"], Float[Tensor, "batch k classes"]]:
    """Outputs under each order of the own rows, and under the same raised to a power."""
    own = attended.rows.double()
    before, after = [], []
    for some in parts(orders.shape[1], size=own.numel()):
        rows = reordered(own, orders[:, some])
        before.append(_outputs(attended, rows))
        after.append(_outputs(attended, _powers(rows, attended.mask, exponent)))
    return torch.cat(before, dim=1), torch.cat(after, dim=1)


def _curve(attended: Attended) -> Float[Tensor, "batch exponents classes"]:
    own, exponents = attended.rows.double().unsqueeze(1), list(CURVE)
    found = []
    for some in parts(len(exponents), size=own.numel()):
        powers = [_powers(own, attended.mask, other) for other in exponents[some]]
        found.append(_outputs(attended, torch.cat(powers, dim=1)))
    return torch.cat(found, dim=1)


def _powers(
    rows: Float64[Tensor, "batch k rows tokens"],
    mask: Bool[Tensor, "batch tokens"],
    exponent: float,
) -> Float64[Tensor, "batch k rows tokens"]:
    return powered_attention(rows, mask[:, None, None, :].expand_as(rows), exponent)


def _outputs(
    attended: Attended, rows: Float64[Tensor, "batch k rows tokens"]
) -> Float[Tensor, "batch k classes"]:
    with torch.no_grad():
        return attended.readout.replace(rows.to(attended.rows.dtype))


def _effect(
    before: Float[Tensor, "batch k classes"], after: Float[Tensor, "batch k classes"]
) -> _Effect:
    # The predicted class first, then the runner-up: any other class has no part in the decision.
    two = before.sort(dim=2, descending=True, stable=True).indices[..., :2]
    changed = after.argmax(dim=2) != before.argmax(dim=2)
    return _Effect(
        tvd=total_variation_distance(before, after).double(),
        decision_changed=changed.double(),
        log_odds_lost=_log_odds(before, two) - _log_odds(after, two),
    )


def _log_odds(
    probabilities: Float[Tensor, "batch k classes"], two: Int[Tensor, "batch k 2"]
) -> Float64[Tensor, "batch k"]:
    first, second = probabilities.double().gather(2, two).log().unbind(dim=2)
    return first - second


def _effect_rows(
    unit: tuple[str, int], effect: _Effect, *, max_logit_change: float
) -> Iterator[ValueRow]:
    lost = effect.log_odds_lost
    saturated = not bool(lost.isfinite().all())
    for quantity, values, needs_log_odds in (
        ("tvd", effect.tvd, False),
        ("decision-changed", effect.decision_changed, False),
        ("log-odds-lost", lost, True),
        ("decision-weakened", lost.sign() * (lost.abs() > max_logit_change), True),
    ):
        own, null = float(values[0]), float(values[1:].mean())
        cause = _SATURATED if needs_log_odds and saturated else None
        yield from rows_beside_null(
            unit, quantity, own, null, undefined=cause, null_undefined=cause
        )


def _curve_rows(unit: tuple[str, int], distances: Sequence[float]) -> Iterator[ValueRow]:
    for exponent, distance in zip(CURVE, distances, strict=True):
        yield exact_row(unit, f"tvd({exponent:g})", distance)
