"""How far the farthest equivalent attention is at several distances, and beside its null."""

import torch
from jaxtyping import Float64
from torch import Tensor

from attnaudit.adversaries import admits_exact, exact_adversary
from attnaudit.measurements.rows import exact_row
from attnaudit.measurements.shuffles import own_and_shuffled_orders, reordered
from attnaudit.metrics import ONE_TOKEN
from attnaudit.models.protocol import Attended
from attnaudit.records import ValueRow

CURVE = (0.0, 0.001, 0.01, 0.05, 0.1, 0.2)
"""Total variation distances at which the curve is taken."""

_SHARE = "share-of-free-maximum"
_ENDS = ("", "-null", "-above-null")
_NOT_LINEAR = "output not one linear logit"


def free_share(
    attended: Attended, *, max_tvd: float, draws: int, seed: int
) -> tuple[ValueRow, ...]:
    """Share of the free maximum that an equivalent attention attains, exactly; in [0, 1].

    The free maximum is the largest Jensen-Shannon divergence from the model's attention, whatever
    the output; "share-of-free-maximum" is the part of it that remains if the output must stay
    within `max_tvd` (total variation distance). With "-null" it is the mean over `draws` shuffles
    of the model's own attention, with "-above-null" the difference in [-1, 1], and with "(d)" the
    share at every distance d in `CURVE`.

    One token has no other attention: undefined. So is everything if the output is not a function
    of one logit that is linear in attention.

    Args:
        attended: One batch at one site.
        max_tvd: Total variation distance up to which outputs count as the same, in (0, 1).
        draws: Shuffles for the null, at least 1.
        seed: Seed of the run.

    Source:
        Jain & Wallace (2019), section 4.2.2, for the question.
    """
    names = (*(f"{_SHARE}{end}" for end in _ENDS), *(f"{_SHARE}({limit:g})" for limit in CURVE))
    if not admits_exact(attended.readout):
        return tuple(
            exact_row(unit, name, 0.0, undefined=_NOT_LINEAR)
            for unit in attended.units
            for name in names
        )
    orders = own_and_shuffled_orders(attended, measurement="free-share", draws=draws, seed=seed)
    own = _shares(attended, orders, max_tvd=max_tvd)
    null = own[:, 1:].mean(dim=1)
    curve = [_shares(attended, orders[:, :1], max_tvd=limit)[:, 0] for limit in CURVE]
    columns = torch.stack([own[:, 0], null, own[:, 0] - null, *curve], dim=1).tolist()
    lengths = attended.mask.sum(dim=1).tolist()
    return tuple(
        exact_row(unit, name, value, undefined=ONE_TOKEN if length == 1 else None)
        for unit, values, length in zip(attended.units, columns, lengths, strict=True)
        for name, value in zip(names, values, strict=True)
    )


def _shares(
    attended: Attended, orders: Tensor, *, max_tvd: float
) -> Float64[Tensor, "batch alternatives"]:
    batch, alternatives, _ = orders.shape
    unit = torch.arange(batch, device=orders.device).repeat_interleave(alternatives)
    attention = reordered(attended.attention.unsqueeze(1), orders).flatten(0, 2)
    found = exact_adversary(
        attention, attended.mask[unit], attended.readout.select(unit), max_tvd=max_tvd
    )
    share = (found.divergence / found.free_maximum).clamp(max=1)
    return share.reshape(batch, alternatives)
