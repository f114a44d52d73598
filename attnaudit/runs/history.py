"""What an earlier run in the same report directory was judged by.

A threshold that was chosen after the numbers had been seen has no error probability. Whoever
changes the claims after a first run on the same documents is told, in every later run too.
"""

from attnaudit.errors import UsageError
from attnaudit.store.directory import RunDirectory
from attnaudit.store.run import ModelEntry, Run, read_run


def earlier_run(directory: RunDirectory) -> Run | None:
    """The run whose record stands in a directory before it is written anew.

    Returns:
        None if there is none, or one of another schema.
    """
    if not directory.run_file.exists():
        return None
    try:
        return read_run(directory.run_file)
    except UsageError:
        # It is about to be replaced; what it was judged by can no longer be told.
        return None


def with_history(entry: ModelEntry, earlier: Run | None) -> ModelEntry:
    """The model with the digests of all claims it was judged by on these documents.

    Args:
        entry: The model in this run.
        earlier: The run before, if there was one in this directory.
    """
    former = [
        digest
        for before in (() if earlier is None else earlier.models)
        if (before.name, before.documents.digest) == (entry.name, entry.documents.digest)
        for digest in before.claims_history or (before.claims_digest,)
    ]
    history = tuple(dict.fromkeys([*former, entry.claims_digest]))
    return entry.model_copy(update={"claims_history": history})
