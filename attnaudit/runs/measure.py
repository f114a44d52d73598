"""Which function measures which audit."""

from collections.abc import Callable, Sequence
from functools import partial

from attnaudit.claims import Claim
from attnaudit.measurements.adversary import adversary
from attnaudit.measurements.agreement import agreement
from attnaudit.measurements.exchange import exchange
from attnaudit.measurements.inversion import inversion
from attnaudit.measurements.permutation import permutation
from attnaudit.models.protocol import AttentionModel, Batch
from attnaudit.records import ValueRow


def measurement_of(
    claim: Claim, model: AttentionModel, *, site: str, seed: int
) -> Callable[[Batch], Sequence[ValueRow]]:
    """The rows of a batch for the measurement that `claim` is about."""
    if claim.audit == "agreement":
        return partial(agreement, model, site=site, importance=claim.importance)
    if claim.audit == "permutation":
        return partial(permutation, model, site=site, draws=claim.draws, seed=seed)
    if claim.audit == "exchange":
        return partial(
            exchange,
            model,
            site=site,
            max_tvd=claim.max_tvd,
            max_logit_change=claim.max_logit_change,
            draws=claim.draws,
            seed=seed,
        )
    if claim.audit == "inversion":
        return partial(
            inversion,
            model,
            site=site,
            exponent=claim.exponent,
            max_logit_change=claim.max_logit_change,
            draws=claim.draws,
            seed=seed,
        )
    return partial(
        adversary,
        model,
        site=site,
        max_tvd=claim.max_tvd,
        method=claim.method,
        restarts=claim.restarts,
        steps=claim.steps,
        seed=seed,
    )
