"""Which function measures which audit."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from attnaudit.claims import Claim
from attnaudit.measurements.adversary import adversary
from attnaudit.measurements.agreement import agreement
from attnaudit.measurements.exchange import exchange
from attnaudit.measurements.importance import RememberedImportances
from attnaudit.measurements.inversion import inversion
from attnaudit.measurements.permutation import permutation
from attnaudit.measurements.random_attention import UntrainedModels
from attnaudit.measurements.randomisation import randomisation
from attnaudit.measurements.untrained import models_with_untrained_encoder, untrained_models
from attnaudit.models.protocol import AttentionModel, Batch
from attnaudit.records import ValueRow

_MEASUREMENTS: Mapping[str, Callable[..., Sequence[ValueRow]]] = {
    "agreement": agreement,
    "permutation": permutation,
    "adversary": adversary,
    "exchange": exchange,
    "inversion": inversion,
    "randomisation": randomisation,
}
_UNTRAINED: Mapping[str, Callable[..., UntrainedModels | None]] = {
    "agreement": untrained_models,
    "randomisation": models_with_untrained_encoder,
}
"""Audits whose only randomness is that of models beside the one that is audited."""
KINDS_OF_UNTRAINED = len(_UNTRAINED)
"""How many different sets of random weights the audits of one model compare it with."""
REVISION = 5
"""Raised whenever a number comes out differently, so that no run goes on from numbers of another
kind."""


def measurement_of(
    claim: Claim,
    model: AttentionModel,
    *,
    site: str,
    seed: int,
    untrained: Callable[[str], UntrainedModels | None] | None = None,
    remembered: RememberedImportances | None = None,
) -> Callable[[Batch], Sequence[ValueRow]]:
    """The rows of a batch for the measurement that `claim` is about.

    A claim's parameters are the keywords of its measurement, so that what is measured and what it
    is stored under cannot part. What is `remembered`, and that `untrained` hands out the models of
    `untrained_for` once more, changes no number.
    """
    measure = partial(_MEASUREMENTS[claim.audit], model, site=site, **claim.parameters)
    if claim.audit == "agreement":
        measure = partial(measure, remembered=remembered)
    if claim.audit in _UNTRAINED:
        made = untrained or partial(untrained_for, model=model, seed=seed)
        return partial(measure, untrained=made(claim.audit))
    return partial(measure, seed=seed)


def untrained_for(audit: str, model: AttentionModel, *, seed: int) -> UntrainedModels | None:
    """The models of random weights that an audit needs: the same at all sites, for all its claims.

    Args:
        audit: An audit that needs some.
        model: The model that is audited.
        seed: Seed of the run.

    Returns:
        They are drawn when they are first needed. None if there are none of the architecture.
    """
    return _UNTRAINED[audit](model, seed=seed)
