"""Which claims can be asked at an attention site: not all, where attention cannot be replaced."""

from collections.abc import Mapping, Sequence

from attnaudit.claims import Claim, ClaimSet
from attnaudit.errors import UsageError
from attnaudit.store.run import Run


def claims_at(
    site: str | None, claims: Sequence[Claim], known: Mapping[str, bool], *, model: str
) -> tuple[Claim, ...]:
    """The claims that can be asked at a site.

    Args:
        site: Its name; None is the model's first.
        claims: All claims about the model.
        known: The model's sites as far as they are known. Any other is taken to be replaceable.
        model: Its name, for messages.

    Raises:
        UsageError: If none can.
    """
    if site is None or known.get(site, True):
        return tuple(claims)
    asked = tuple(claim for claim in claims if not claim.replaces_attention)
    if not asked:
        raise UsageError(
            f"attention at {site} cannot be replaced, and each claim about {model} asks what the "
            f"model would do if it were ({', '.join(claim.id for claim in claims)}). Leave out the "
            "site, or bring a claim about agreement or randomisation"
        )
    return asked


def claims_asked(run: Run, claims: ClaimSet, *, model: str, site: str) -> tuple[Claim, ...]:
    """Those of some claims that a run could have asked about a model at a site.

    Args:
        run: What was decided.
        claims: Any claims.
        model: Name of the model.
        site: Attention site.
    """
    fixed = (model, site) in fixed_sites(run)
    return tuple(claim for claim in claims.claims if not (fixed and claim.replaces_attention))


def fixed_sites(run: Run) -> tuple[tuple[str, str], ...]:
    """Models and their sites in a run where attention cannot be replaced, as far as it says so.

    Args:
        run: What was decided. Where nothing was measured, and in runs that did not yet say of a
            model whether it can be, it cannot where some claim was not asked.
    """
    told = {(one.name, one.site): one.replaceable for one in run.models}
    # Those that are told of anew behind the others, so that the same claims give the same record.
    left_out = dict.fromkeys((one.model, one.site) for one in run.not_asked)
    unknown = {place for place in left_out if told.get(place) is None}
    return tuple(
        place
        for place in left_out | dict.fromkeys(told)
        if place in unknown or told[place] is False
    )
