"""What a report lists row by row where a run asked its claims of many layers and heads."""

from collections.abc import Iterator, Mapping, Sequence

from attnaudit.records import Outcome
from attnaudit.reports.heat_map import heat_maps
from attnaudit.store.run import ModelEntry, Run
from attnaudit.verdicts.groups import OVERALL


def without_sweeps(run: Run) -> Run:
    """A run without what the larger of its heat maps show, to be listed row by row.

    What ended in an error stays, and of every model at least one site.

    Args:
        run: What was decided.
    """
    swept = {
        (row.model, row.site, row.id)
        for one in heat_maps(run.claims)
        if one.is_sweep
        for row in one.rows
        if row.outcome is not Outcome.ERROR
    }
    claims = tuple(row for row in run.claims if (row.model, row.site, row.id) not in swept)
    places = {(row.model, row.site) for row in claims}
    hidden = {(model, site) for model, site, _ in swept} - places
    return run.model_copy(
        update={
            "claims": claims,
            "models": tuple(_shown_entries(run.models, hidden)),
            "performance": _summed(run.performance, hidden),
        }
    )


def unlisted_words(run: Run, listed: Run) -> str | None:
    """What a report shows in heat maps alone, None if it lists everything.

    Args:
        run: What was decided.
        listed: The same `without_sweeps`.
    """
    shown = {(row.model, row.site, row.id) for row in listed.claims}
    hidden = [
        (row.model, row.site)
        for row in run.claims
        if row.group == OVERALL and (row.model, row.site, row.id) not in shown
    ]
    if not hidden:
        return None
    sites = len(set(hidden))
    return f"{len(hidden)} decisions, at {sites} attention sites, are in heat maps alone"


def _summed(seconds: Mapping[str, float], hidden: set[tuple[str, str]]) -> dict[str, float]:
    """Times of each step; of all sites of a model that are not shown, their sum."""
    models = {f"{model}/{site}": model for model, site in hidden}
    found: dict[str, float] = {}
    for name, time in seconds.items():
        place, _, _ = name.rpartition("/")
        shown = f"{models[place]}, sites of the heat maps alone" if place in models else name
        found[shown] = found.get(shown, 0.0) + time
    return found


def _shown_entries(
    entries: Sequence[ModelEntry], hidden: set[tuple[str, str]]
) -> Iterator[ModelEntry]:
    shown = {entry.name for entry in entries if (entry.name, entry.site) not in hidden}
    for entry in entries:
        if (entry.name, entry.site) not in hidden:
            yield entry
        elif entry.name not in shown:
            shown.add(entry.name)
            # It stands for the model, so what is true of this site alone is left out.
            yield entry.model_copy(update={"special_mass": None})
