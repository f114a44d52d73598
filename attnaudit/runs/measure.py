"""Which function measures which audit."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from attnaudit.claims import Claim
from attnaudit.measurements.adversary import adversary
from attnaudit.measurements.agreement import agreement
from attnaudit.measurements.exchange import exchange
from attnaudit.measurements.inversion import inversion
from attnaudit.measurements.permutation import permutation
from attnaudit.models.protocol import AttentionModel, Batch
from attnaudit.records import ValueRow

_MEASUREMENTS: Mapping[str, Callable[..., Sequence[ValueRow]]] = {
    "agreement": agreement,
    "permutation": permutation,
    "adversary": adversary,
    "exchange": exchange,
    "inversion": inversion,
}
REVISION = 2
"""Raised whenever a number comes out differently, so that no run goes on from numbers of another
kind."""
_DETERMINISTIC = frozenset({"agreement"})


def measurement_of(
    claim: Claim, model: AttentionModel, *, site: str, seed: int
) -> Callable[[Batch], Sequence[ValueRow]]:
    """The rows of a batch for the measurement that `claim` is about.

    A claim's parameters are the keywords of its measurement, so that what is measured and what it
    is stored under cannot part.
    """
    seeded = {} if claim.audit in _DETERMINISTIC else {"seed": seed}
    measure = _MEASUREMENTS[claim.audit]
    return partial(measure, model, site=site, **claim.parameters, **seeded)
