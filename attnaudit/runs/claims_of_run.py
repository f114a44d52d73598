"""The claims that a finished run was judged by, read again."""

from pathlib import Path

from attnaudit.claims import ClaimSet, default_claims, load_claims
from attnaudit.claims.files import PACKAGE_DEFAULT
from attnaudit.errors import UsageError
from attnaudit.runs.stored import StoredRun
from attnaudit.store.run import ModelEntry


def claims_of(stored: StoredRun, chosen: ClaimSet | None = None) -> dict[str, ClaimSet]:
    """The claims about each model of a run, by its name.

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
