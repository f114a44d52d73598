"""Judging a stored run again, with other claims and without its models."""

from pathlib import Path
from typing import Literal

from attnaudit.claims import Claim, ClaimSet
from attnaudit.errors import UsageError
from attnaudit.records import Measurement, Outcome
from attnaudit.runs.asked import claims_asked, fixed_sites
from attnaudit.runs.decided import decide_rows
from attnaudit.runs.drawn import has_quantity
from attnaudit.runs.stored import StoredRun, missing_measurement
from attnaudit.store.rows import error_row, row_place
from attnaudit.store.run import ClaimRow, ModelEntry, NotAsked, Run, write_run
from attnaudit.verdicts import direction_level


def judge_again(
    stored: StoredRun, claims: ClaimSet, *, inconclusive: Literal["fail", "warn"] = "fail"
) -> Run:
    """The run as it would have been with these claims. Writes nothing and loads no model.

    The error probability is shared among all claims about all models and sites of the run. A model
    that could not be measured is still an error, for every claim.

    Args:
        stored: The run.
        claims: What to judge instead of the run's own claims.
        inconclusive: Whether an inconclusive required claim is to fail.

    Returns:
        What run.json would hold. Where the claims were chosen after the numbers had been seen, its
        error probabilities no longer hold.

    Raises:
        UsageError: If the run did not measure what a claim is about, which the message names, or
            none of the claims can be asked at its sites.
    """
    entries, broken = stored.run.models, _unmeasured(stored.run)
    counted = counted_again(stored.run, claims)
    if not counted:
        raise UsageError(
            f"{stored.place} is about attention that cannot be replaced, and each of these claims "
            "asks what a model would do if it were; bring a claim about agreement or randomisation"
        )
    level = direction_level(counted)
    missing: list[str] = []
    rows: list[ClaimRow] = []
    for entry in entries:
        for claim in claims_asked(stored.run, claims, model=entry.name, site=entry.site):
            found = decide_again(stored, entry, claim, level=level)
            if found is None:
                missing.append(missing_measurement(entry, claim))
            else:
                rows.extend(found)
    if missing:
        raise UsageError(
            f"{stored.place} did not measure {'; nor '.join(missing)}. Run the audit with these "
            "claims, or leave them out"
        )
    for (model, site), error in broken.items():
        asked = claims_asked(stored.run, claims, model=model, site=site)
        rows.extend(error_row(claim, error, model=model, site=site) for claim in asked)
    settings = {"claims_counted": counted, "level": level, "inconclusive": inconclusive}
    source = {"claims_source": claims.source, "claims_digest": claims.digest}
    return stored.run.model_copy(
        update={
            "claims": tuple(sorted(rows, key=row_place)),
            "undecided": (),
            "not_asked": _not_asked(stored.run, claims),
            "models": tuple(entry.model_copy(update=source) for entry in entries),
            "settings": stored.run.settings.model_copy(update=settings),
        }
    )


def counted_again(run: Run, claims: ClaimSet) -> int:
    """How many decisions share the error probability if a run is judged by these claims."""
    sites = [(entry.name, entry.site) for entry in run.models] + [*_unmeasured(run)]
    return sum(len(claims_asked(run, claims, model=model, site=site)) for model, site in sites)


def decide_again(
    stored: StoredRun, entry: ModelEntry, claim: Claim, *, level: float
) -> tuple[ClaimRow, ...] | None:
    """One claim about one model of a run, decided as an audit with it would have.

    Where documents were drawn in blocks, it is decided at the first look that can.

    Args:
        stored: The run.
        entry: A model of it.
        claim: What is claimed.
        level: Error probability for each direction.

    Returns:
        The rows, "overall" first; None if the run did not measure what the claim is about.

    Raises:
        UsageError: If files are missing that run.json names.
    """
    key = stored.measurement_key(entry, claim)
    if key is None:
        return None
    looks = {look.drawn: look for look in stored.looks(entry, key)}
    values = stored.directory.measurement(key)

    def read(drawn: int, quantity: str) -> Measurement | None:
        if not has_quantity(values, quantity):
            return None
        look = looks.get(drawn)
        return stored.first_measurement(entry, claim, key, look=look, quantity=quantity)

    return decide_rows(
        claim,
        read,
        level=level,
        ends=tuple(looks) or (entry.documents.n,),
        grows=bool(looks),
        model=entry.name,
        site=entry.site,
    )


def passes(run: Run) -> bool:
    """Whether every required claim has the outcome that the run's settings ask for."""
    passing = {Outcome.SUPPORTED}
    if run.settings.inconclusive == "warn":
        passing.add(Outcome.INCONCLUSIVE)
    overall = (row for row in run.claims if row.group == "overall" and row.required)
    # An instrument that broke is no verdict, and advisory claims break as much as others do.
    return all(row.outcome in passing for row in overall) and not any(
        row.outcome is Outcome.ERROR for row in run.claims
    )


def claims_differ(stored: StoredRun, claims: ClaimSet) -> bool:
    """Whether any model of a run was judged by other claims than these."""
    return any(entry.claims_digest != claims.digest for entry in stored.run.models)


def write_judged(stored: StoredRun, run: Run, path: Path) -> None:
    """Write what was judged again to a file of its own.

    Raises:
        UsageError: If it would replace the run's own record, or cannot be written.
    """
    if path.resolve() == stored.directory.run_file.resolve():
        raise UsageError(
            f"{path} is the record of the run itself, which stays as it is; name another file"
        )
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError(f"{path} is not a file in a folder that exists; name one with --out")
    write_run(path, run)


def _not_asked(run: Run, claims: ClaimSet) -> tuple[NotAsked, ...]:
    """What these claims ask that cannot be asked at the sites where attention is fixed."""
    left_out = tuple(claim.id for claim in claims.claims if claim.replaces_attention)
    if not left_out:
        return ()
    return tuple(
        NotAsked(model=model, site=site, claims=left_out) for model, site in fixed_sites(run)
    )


def _unmeasured(run: Run) -> dict[tuple[str, str], str]:
    """Models, by name and site, of which nothing was measured, with what went wrong."""
    sites = {(entry.name, entry.site) for entry in run.models}
    # A model that breaks before its sites are known is at the site "default".
    sites |= {(entry.name, "default") for entry in run.models}
    return {
        (row.model, row.site): row.error
        for row in run.claims
        if row.error is not None and (row.model, row.site) not in sites
    }
