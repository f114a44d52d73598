"""How far the farthest equivalent attention is at several distances, and beside its null."""

import math
from collections.abc import Iterator, Mapping

import torch

from attnaudit.adversaries import admits_exact, admits_interval
from attnaudit.measurements.enclosed_row import enclosed_row
from attnaudit.measurements.enclosed_share import Ends, enclosed_shares
from attnaudit.measurements.rows import exact_row
from attnaudit.measurements.shuffled_adversary import reordered_divergences
from attnaudit.measurements.shuffles import own_and_shuffled_orders
from attnaudit.metrics import ONE_TOKEN
from attnaudit.models.protocol import Attended
from attnaudit.records import ValueRow

CURVE = (0.0, 0.001, 0.01, 0.05, 0.1, 0.2)
"""Total variation distances at which the curve is taken."""

_SHARE = "share-of-free-maximum"
_ENDS = ("", "-null", "-above-null")
_NOT_LINEAR = "output not linear in attention up to its link"
NOT_ENCLOSED = "not enclosed for several classes"
"""Why there is no null where each shuffle would take an enclosure of its own."""


def free_share(
    attended: Attended, *, max_tvd: float, draws: int, seed: int
) -> tuple[ValueRow, ...]:
    """Share of the free maximum that an equivalent attention attains, in [0, 1].

    The free maximum is the largest Jensen-Shannon divergence from the model's attention, whatever
    the output; "share-of-free-maximum" is the part of it that remains if the output must stay
    within `max_tvd` (total variation distance). With "-null" it is the mean over `draws` shuffles
    of the model's own attention, with "-above-null" the difference in [-1, 1], and with "(d)" the
    share at every distance d in `CURVE`.

    For one logit or two classes it is exact. For more classes it is enclosed, at `max_tvd` and
    at the distances in `enclosed_share.ENCLOSED`; the others and the null, which would take an
    enclosure for each shuffle, are undefined.

    One token has no other attention: undefined. So is everything if the output is not a function
    of logits that are linear in attention.

    Args:
        attended: One batch at one site.
        max_tvd: Total variation distance up to which outputs count as the same, in (0, 1).
        draws: Shuffles for the null, at least 1.
        seed: Seed of the run.

    Raises:
        InvalidArgumentError: If a document has more tokens than can be shuffled.

    Source:
        Jain & Wallace (2019), section 4.2.2, for the question.
    """
    if admits_exact(attended.readout):
        return tuple(_exact(attended, max_tvd=max_tvd, draws=draws, seed=seed))
    if admits_interval(attended.readout):
        return tuple(_enclosed(attended, max_tvd=max_tvd))
    return tuple(
        exact_row(unit, name, math.nan, undefined=_NOT_LINEAR)
        for unit in attended.units
        for name in _names()
    )


def _names() -> tuple[str, ...]:
    return (*(f"{_SHARE}{end}" for end in _ENDS), *(f"{_SHARE}({limit:g})" for limit in CURVE))


def _exact(attended: Attended, *, max_tvd: float, draws: int, seed: int) -> Iterator[ValueRow]:
    orders = own_and_shuffled_orders(attended, measurement="free-share", draws=draws, seed=seed)
    _, own = reordered_divergences(attended, orders, max_tvd=max_tvd)
    null = own[:, 1:].mean(dim=1)
    curve = [
        reordered_divergences(attended, orders[:, :1], max_tvd=limit)[1][:, 0] for limit in CURVE
    ]
    columns = torch.stack([own[:, 0], null, own[:, 0] - null, *curve], dim=1).tolist()
    lengths = attended.mask.sum(dim=1).tolist()
    for unit, values, length in zip(attended.units, columns, lengths, strict=True):
        for name, value in zip(_names(), values, strict=True):
            yield exact_row(unit, name, value, undefined=ONE_TOKEN if length == 1 else None)


def _enclosed(attended: Attended, *, max_tvd: float) -> Iterator[ValueRow]:
    found = enclosed_shares(attended, max_tvd=max_tvd)
    by_name: Mapping[str, Ends] = {
        _SHARE: found[max_tvd],
        **{f"{_SHARE}({limit:g})": found[limit] for limit in CURVE if limit in found},
    }
    for position, unit in enumerate(attended.units):
        single = int(attended.mask[position].sum()) == 1
        for name in _names():
            if single or name not in by_name:
                cause = ONE_TOKEN if single else NOT_ENCLOSED
                yield exact_row(unit, name, math.nan, undefined=cause)
                continue
            lower, upper = by_name[name].lower[position], by_name[name].upper[position]
            yield enclosed_row(unit, name, lower=float(lower), upper=float(upper))
