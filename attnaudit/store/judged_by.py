"""By which claims models were ever judged in a run directory: a record that only grows.

run.json is written anew by every run and knows only the models of that run. What was tried before
must outlive a run of another model, of other documents, or one that was interrupted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from pydantic import TypeAdapter, ValidationError

from attnaudit.errors import UsageError
from attnaudit.store.directory import RunDirectory
from attnaudit.store.parts import write_json

_FILE = "claims-history.json"
_LOCK = "claims-history"


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedBy:
    """Some claims that were to be decided about a model.

    Attributes:
        model: Name of the model.
        documents: Digest of the documents.
        claims: Digest of the claims.
    """

    model: str
    documents: str
    claims: str


_RECORD = TypeAdapter(dict[str, tuple[JudgedBy, ...]])


def read_judged_by(directory: RunDirectory) -> tuple[JudgedBy, ...]:
    """All entries, the first first; none if there is no record.

    Raises:
        UsageError: If the record is damaged.
    """
    path = directory.path / _FILE
    if not path.exists():
        return ()
    try:
        return _RECORD.validate_json(path.read_bytes())["judged"]
    except (ValidationError, KeyError) as error:
        raise UsageError(
            f"{path}, which says by which claims models were judged here, cannot be read; restore "
            "it, or start a new report directory"
        ) from error


def add_judged_by(directory: RunDirectory, entries: Iterable[JudgedBy]) -> None:
    """Add what is not there yet at the end. Safe where several processes do so.

    Raises:
        UsageError: If the record is damaged.
    """
    with directory.lock(_LOCK):
        known = read_judged_by(directory)
        judged = tuple(dict.fromkeys([*known, *entries]))
        if judged != known:
            write_json(directory.path / _FILE, {"judged": [asdict(one) for one in judged]})


def claims_digests(entries: Sequence[JudgedBy], *, model: str, documents: str) -> tuple[str, ...]:
    """The digests of all claims by which a model was judged on some documents, the first first."""
    return tuple(one.claims for one in entries if (one.model, one.documents) == (model, documents))
