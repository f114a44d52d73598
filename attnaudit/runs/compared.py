"""Two runs side by side: what became of every claim."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from attnaudit.claims import ClaimSet, default_claims, load_claims
from attnaudit.claims.files import PACKAGE_DEFAULT
from attnaudit.errors import UsageError
from attnaudit.records import Outcome
from attnaudit.runs.model_pairs import pair_models
from attnaudit.runs.paired_runs import PairedRuns, Side
from attnaudit.runs.same_documents import pair_documents
from attnaudit.runs.stored import StoredRun
from attnaudit.store.run import ClaimRow, ModelEntry, Run
from attnaudit.verdicts import direction_level
from attnaudit.verdicts.change import Change, ClaimChange, RunComparison


def compare_runs(
    old: StoredRun, new: StoredRun, *, claims: Mapping[str, ClaimSet], former: Sequence[ClaimRow]
) -> RunComparison:
    """What became of every claim from the old run to the new one.

    Differences are taken document by document, over the documents that both runs measured. The
    probability that anything is wrongly called improved, worse or unchanged is at most 0.05. It
    covers the choice of documents, not the chance in training a model: the comparison is about
    these weights.

    Args:
        old: The earlier run.
        new: The later run.
        claims: By name of a model in the new run, the claims it is compared by.
        former: Rows of the old run, one for each claim that must not be lost.

    Returns:
        The comparison.

    Raises:
        UsageError: If no model or no document is in both runs, or a run lacks files.
        InternalError: If the same weights have other values than before.
    """
    pairs = pair_models(old, new)
    counted = sum(len(claims[entry.name].claims) for _, entry in pairs if entry is not None)
    level = direction_level(max(counted, 1))
    paired = [
        PairedRuns(
            old=Side(stored=old, entry=before),
            new=Side(stored=new, entry=after),
            documents=pair_documents(old, before, new, after),
            claims=claims[after.name],
            level=level,
        )
        for before, after in pairs
        if before is not None and after is not None
    ]
    changes = [runs.change(claim) for runs in paired for claim in runs.claims.claims]
    for before, after in pairs:
        if before is not None:
            kept = () if after is None else [claim.id for claim in claims[after.name].claims]
            changes += _lost(before, former, kept=kept, new=new.run)
        elif after is not None:
            changes += _only_new(new.run, after)
    return RunComparison(
        pairs=tuple(runs.documents for runs in paired),
        claims=tuple(changes),
        changed_claims=tuple(
            runs.new.entry.name
            for runs in paired
            if runs.old.entry.claims_digest != runs.claims.digest
        ),
    )


def claims_of(stored: StoredRun, chosen: ClaimSet | None = None) -> dict[str, ClaimSet]:
    """The claims that each model of a run is compared by.

    Args:
        stored: The run.
        chosen: Claims for every model. If not given, the claims that the run was judged by are
            read again from where they came from.

    Raises:
        UsageError: If they are no longer there, or have changed since.
    """
    return {
        entry.name: _claims_of(stored, entry) if chosen is None else chosen
        for entry in stored.run.models
    }


def overall_rows(run: Run, *, among: ClaimSet | None = None) -> tuple[ClaimRow, ...]:
    """The row of every claim that stands for all its groups; of some claims only, if given."""
    names = None if among is None else {claim.id for claim in among.claims}
    return tuple(
        row for row in run.claims if row.group == "overall" and (names is None or row.id in names)
    )


def _claims_of(stored: StoredRun, entry: ModelEntry) -> ClaimSet:
    source = entry.claims_source
    try:
        found = default_claims() if source == PACKAGE_DEFAULT else load_claims(Path(source))
    except UsageError as error:
        raise UsageError(
            f"the claims about {entry.name} in {stored.place} cannot be read again ({error}); name "
            "a claims file with --claims"
        ) from error
    if found.digest != entry.claims_digest:
        raise UsageError(
            f"the claims about {entry.name} in {stored.place} came from {source}, which has "
            "changed since; name a claims file with --claims"
        )
    return found


def _lost(
    entry: ModelEntry, former: Sequence[ClaimRow], *, kept: Collection[str], new: Run
) -> Iterator[ClaimChange]:
    """Claims about a model of the old run that the new run no longer makes or could not measure."""
    for row in former:
        mine = (row.model, row.site) == (entry.name, entry.site)
        if not mine or row.id in kept or row.outcome is Outcome.ERROR:
            continue
        errors = (one.error for one in new.claims if one.id == row.id and one.error is not None)
        error = next(errors, None)
        yield ClaimChange(
            claim=row.id,
            model=row.model,
            site=row.site,
            change=Change.LOST,
            required=row.required,
            old=row.outcome,
            new=None if error is None else Outcome.ERROR,
            reason="not in the new run" if error is None else f"an error in the new run: {error}",
        )


def _only_new(run: Run, entry: ModelEntry) -> Iterator[ClaimChange]:
    """Claims about a model that the old run did not have."""
    for row in overall_rows(run):
        if (row.model, row.site) == (entry.name, entry.site):
            yield ClaimChange(
                claim=row.id,
                model=row.model,
                site=row.site,
                change=Change.NEW,
                required=row.required,
                new=row.outcome,
            )
