"""What a reader of a run's verdicts has to know besides them, as lines of text."""

from collections.abc import Iterator

from attnaudit.reports.how_read import special_mass_words, truncated_words
from attnaudit.reports.plain import plain
from attnaudit.reports.subjects import subject_names
from attnaudit.store.run import ModelEntry, Run

_NAME_WIDTH = 100


def note_lines(run: Run, *, model: str | None = None) -> list[str]:
    """How documents were drawn and read, and what makes the error probabilities doubtful.

    Args:
        run: What was decided.
        model: Only what is to be known of this model. If not given, of all.

    Returns:
        One line for each; none if there is nothing to say.
    """
    names = subject_names((entry.name, entry.site) for entry in run.models)
    entries = [entry for entry in run.models if model in {None, entry.name}]
    drawn = [line for one in entries for line in _drawn(run, one, names[one.name, one.site])]
    held = [line for one in entries for line in _held(one, names[one.name, one.site])]
    # At other sites fewer of the same documents may have been drawn.
    most = {one.name: one for one in sorted(entries, key=lambda one: one.documents.n)}
    models = dict.fromkeys(one.name for one in entries)
    about = [line for one in models for line in _about(most[one])]
    return [*drawn, *held, *about]


def _drawn(run: Run, entry: ModelEntry, name: str) -> Iterator[str]:
    counts = [
        row.drawn
        for row in run.claims
        if (row.model, row.site) == (entry.name, entry.site) and row.drawn is not None
    ]
    if run.settings.first_block is None or not counts:
        return
    few, most = min(counts), max(counts)
    yield (
        f"{name}: claims were decided, or left open, on the first "
        f"{few if few == most else f'{few} to {most}'} of {entry.documents.planned} "
        f"documents, drawn in the order of seed {run.settings.seed}"
    )


def _held(entry: ModelEntry, name: str) -> Iterator[str]:
    words = special_mass_words(entry.special_mass)
    if words is not None:
        yield f"{name}: {words}; the audit is about how the words share the rest"


def _about(entry: ModelEntry) -> Iterator[str]:
    name = plain(entry.name, width=_NAME_WIDTH)
    cut = truncated_words(entry)
    if cut is not None:
        yield (
            f"{name}: {cut}; verdicts are about what was read, so if the rest matters, split long "
            "documents, or audit a model with a longer input"
        )
    trained, planned = entry.documents.trained_on, entry.documents.planned
    if trained:
        yield (
            f"warning: {name} was trained on {trained} of the {planned} documents it is "
            "audited on; what holds of them need not hold of others"
        )
    history = entry.claims_history
    if history and history[0] != entry.claims_digest:
        yield (
            f"warning: the claims about {name} are not those that a first run in this "
            "directory judged the same documents by; if they were chosen after its numbers had "
            "been seen, audit other documents before relying on them"
        )
