"""What earlier runs in the same report directory were judged by.

A threshold that was chosen after the numbers had been seen has no error probability. Whoever
changes the claims after a first run on the same documents is told, in every later run too, and
whatever else was run in between.
"""

from collections.abc import Iterator, Sequence

from attnaudit.errors import UsageError
from attnaudit.runs.plan import Plan
from attnaudit.store.directory import RunDirectory
from attnaudit.store.judged_by import JudgedBy, add_judged_by, claims_digests, read_judged_by
from attnaudit.store.run import ModelEntry, read_run


def note_claims(plan: Plan, directory: RunDirectory) -> None:
    """Record what the models of a plan are judged by, before anything of it is measured.

    What the run.json of a version without a record says of earlier claims is taken over.

    Raises:
        UsageError: If the record is damaged.
    """
    planned = [
        JudgedBy(model=subject.name, documents=subject.digest, claims=subject.claims.digest)
        for subject in plan.subjects
    ]
    add_judged_by(directory, [*_of_last_run(directory), *planned])


def earlier_run(directory: RunDirectory) -> tuple[JudgedBy, ...]:
    """What models were judged by in all runs of a directory, the first first.

    Raises:
        UsageError: If the record is damaged.
    """
    return read_judged_by(directory)


def with_history(entry: ModelEntry, earlier: Sequence[JudgedBy]) -> ModelEntry:
    """The model with the digests of all claims it was judged by on these documents.

    Args:
        entry: The model in this run.
        earlier: What models were judged by in this directory.
    """
    former = claims_digests(earlier, model=entry.name, documents=entry.documents.digest)
    history = tuple(dict.fromkeys([*former, entry.claims_digest]))
    return entry.model_copy(update={"claims_history": history})


def _of_last_run(directory: RunDirectory) -> Iterator[JudgedBy]:
    try:
        models = read_run(directory.run_file).models
    except UsageError:
        return  # No run, or one of another schema: it says nothing that can be read.
    for before in models:
        for digest in before.claims_history or (before.claims_digest,):
            yield JudgedBy(model=before.name, documents=before.documents.digest, claims=digest)
