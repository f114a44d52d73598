"""Two runs side by side: what became of every claim."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from attnaudit.claims import ClaimSet
from attnaudit.records import Outcome
from attnaudit.runs.asked import claims_asked
from attnaudit.runs.model_pairs import name_in_new, pair_models
from attnaudit.runs.paired_runs import PairedRuns
from attnaudit.runs.same_documents import pair_documents
from attnaudit.runs.side import Side
from attnaudit.runs.stored import StoredRun
from attnaudit.store.run import ClaimRow, ModelEntry, Run
from attnaudit.verdicts import direction_level
from attnaudit.verdicts.change import Change, ClaimChange
from attnaudit.verdicts.run_comparison import RunComparison


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
        InternalError: If the same weights have other values or another outcome than before.
    """
    pairs = pair_models(old, new)
    counted = sum(
        len(claims_asked(new.run, claims[entry.name], model=entry.name, site=entry.site))
        for _, entry in pairs
        if entry is not None
    )
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
    changes = [runs.change(claim) for runs in paired for claim in runs.asked]
    for before, after in pairs:
        if before is not None:
            kept = () if after is None else [claim.id for claim in claims[after.name].claims]
            mine = [row for row in former if (row.model, row.site) == (before.name, before.site)]
            changes += _lost(mine, kept=kept, errors=_errors(old.run, new.run, before))
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


def overall_rows(run: Run, *, among: ClaimSet | None = None) -> tuple[ClaimRow, ...]:
    """The row of every claim that stands for all its groups; of some claims only, if given."""
    names = None if among is None else {claim.id for claim in among.claims}
    return tuple(
        row for row in run.claims if row.group == "overall" and (names is None or row.id in names)
    )


def _errors(old: Run, new: Run, entry: ModelEntry) -> dict[str, str]:
    """What went wrong in the new run with claims about a model of the old one, by their ids."""
    name = name_in_new(old, new, entry.name)
    # A model that breaks before its sites are known is at the site "default".
    sites = {entry.site, "default"}
    return {
        row.id: row.error
        for row in new.claims
        if row.error is not None and row.model == name and row.site in sites
    }


def _lost(
    former: Sequence[ClaimRow], *, kept: Collection[str], errors: Mapping[str, str]
) -> Iterator[ClaimChange]:
    """Claims about a model of the old run that the new run no longer makes or could not measure."""
    for row in former:
        if row.id in kept or row.outcome is Outcome.ERROR:
            continue
        error = errors.get(row.id)
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
