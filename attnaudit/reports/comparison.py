"""An attention that was found beside the model's own, as lines of text."""

from collections.abc import Iterator, Mapping, Sequence

from attnaudit.errors import UsageError
from attnaudit.records import Bound
from attnaudit.reports.heaviest import heaviest
from attnaudit.reports.known import ADVERSARY
from attnaudit.reports.plain import plain
from attnaudit.reports.witnesses import Witness, farthest_witnesses
from attnaudit.store.directory import RunDirectory
from attnaudit.store.run import ModelEntry, Run

_DOCUMENTS = 3
_POSITIONS = 3
_NEIGHBOURS = 1
_WORD_WIDTH = 14
_NAME_WIDTH = 24
_HEADING_WIDTH = 200


def comparison_lines(run: Run, directory: RunDirectory) -> list[str]:
    """For every adversary of a run, the documents where it leads farthest from the model.

    Of each, the positions that have most weight in either attention, with their neighbours, and
    the probability of the predicted class under both. No line is wider than 80 characters, apart
    from headings.

    Args:
        run: What was decided.
        directory: Where it keeps what it measured.

    Raises:
        UsageError: If the directory lacks a measurement that the run names.
        InternalError: If the stored witnesses do not match the stored documents.
    """
    return [line for entry in run.models for line in _model_lines(entry, directory)]


def _model_lines(entry: ModelEntry, directory: RunDirectory) -> Iterator[str]:
    documents = directory.documents(entry.documents_key)
    for label, key in entry.measurements.items():
        values = directory.measurement(key)
        about = values.finished()
        if about is None:
            raise UsageError(
                f"{directory.path} lacks the measurement {label!r} of "
                f"{plain(entry.name, width=_HEADING_WIDTH)}, which its run names; run the audit "
                "again"
            )
        if about["audit"] != ADVERSARY:
            continue
        yield _heading(entry, about["parameters"])
        found = farthest_witnesses(values, documents, most=_DOCUMENTS)
        for witness in found:
            yield from _witness_lines(witness)
        if not found:
            yield "  no other attention was found for any document"


def _heading(entry: ModelEntry, parameters: Mapping[str, object]) -> str:
    given = ", ".join(f"{name} {value}" for name, value in parameters.items())
    texts = (entry.name, entry.site, given)
    model, site, parameter_list = (plain(text, width=_HEADING_WIDTH) for text in texts)
    return f"{model}, attention site {site}, adversary with {parameter_list}"


def _witness_lines(witness: Witness) -> Iterator[str]:
    yield f"  document {plain(witness.document, width=_NAME_WIDTH)}, divergence {_reach(witness)}"
    yield (
        f"    output    {plain(witness.predicted, width=_NAME_WIDTH)} "
        f"{witness.probability:.3f}, with the found attention {witness.probability_found:.3f}"
    )
    words = "words (not stored)" if witness.tokens is None else "words"
    yield f"    position  original  found  {words}"
    for position in _positions(witness):
        weights = f"{witness.original[position]:8.3f}  {witness.found[position]:5.3f}"
        yield f"    {position:8d}  {weights}  {_context(witness.tokens, position)}"


def _reach(witness: Witness) -> str:
    if witness.kind is Bound.EXACT:
        return f"{witness.lower:.3f} nats (exact)"
    if witness.kind is Bound.INTERVAL:
        return f"between {witness.lower:.3f} and {witness.upper:.3f} nats (interval)"
    return f"at least {witness.lower:.3f} nats (lower bound)"


def _positions(witness: Witness) -> list[int]:
    """Positions with the most weight in either attention, in the order of the text."""
    both = (heaviest(weights, most=_POSITIONS) for weights in (witness.original, witness.found))
    return sorted({position for positions in both for position in positions})


def _context(tokens: Sequence[str] | None, position: int) -> str:
    """The word at a position in brackets, between its neighbours."""
    if tokens is None:
        return "-"
    first = max(0, position - _NEIGHBOURS)
    words = [plain(word, width=_WORD_WIDTH) for word in tokens[first : position + _NEIGHBOURS + 1]]
    words[position - first] = f"[{words[position - first]}]"
    return " ".join(words)
