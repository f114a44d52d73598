"""Which model of a run is the successor of which model of another run."""

from attnaudit.errors import UsageError
from attnaudit.runs.stored import StoredRun
from attnaudit.store.run import ModelEntry, Run

ModelPair = tuple[ModelEntry | None, ModelEntry | None]
"""A model at a site in the old run and in the new one; None where it is not."""


def pair_models(old: StoredRun, new: StoredRun) -> tuple[ModelPair, ...]:
    """The models of two runs, paired by name and site.

    Where each run is about one model, the two are paired whatever they are called: the directory
    of a release often has its version in its name. Several models are paired one by one and never
    pooled as trainings of one recipe: a comparison is about weights.

    Raises:
        UsageError: If no model has a counterpart, though both runs measured some.
    """
    same_name = _is_one_each(old.run, new.run)
    before = {_key(entry, same_name=same_name): entry for entry in old.run.models}
    after = {_key(entry, same_name=same_name): entry for entry in new.run.models}
    if not before:
        raise UsageError(f"{old.place} measured no model, so there is nothing to compare with")
    if after and not before.keys() & after.keys():
        raise UsageError(
            f"no model of {new.place} has a counterpart in {old.place}: {_listed(new.run)} against "
            f"{_listed(old.run)}. Audit the models under the same names and sites, or one in each "
            "run; several models of a run are never pooled as trainings of one recipe"
        )
    return tuple((before.get(key), after.get(key)) for key in dict.fromkeys([*before, *after]))


def name_in_new(old: Run, new: Run, name: str) -> str:
    """What a model of the old run is called in the new one, also where it could not be measured."""
    return next(iter(_names(new))) if _is_one_each(old, new) else name


def _is_one_each(old: Run, new: Run) -> bool:
    return len(_names(old)) == len(_names(new)) == 1


def _names(run: Run) -> set[str]:
    # A model that could not be measured has rows, but no entry.
    return {entry.name for entry in run.models} | {row.model for row in run.claims}


def _key(entry: ModelEntry, *, same_name: bool) -> tuple[str, str]:
    return "" if same_name else entry.name, entry.site


def _listed(run: Run) -> str:
    return ", ".join(f"{entry.name} at {entry.site}" for entry in run.models)
