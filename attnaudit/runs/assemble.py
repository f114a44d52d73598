"""Decisions from all workers put together as one `Run`."""

import platform
from collections.abc import Sequence
from importlib import metadata

from attnaudit.runs.plan import Plan
from attnaudit.store.run import ClaimRow, ModelEntry, Run, Settings

_PACKAGES = ("attnaudit", "torch", "numpy", "scipy")


def assemble_run(
    plan: Plan,
    *,
    rows: Sequence[ClaimRow],
    models: Sequence[ModelEntry],
    seconds: dict[str, float],
    undecided: Sequence[str] = (),
) -> Run:
    """One run, its rows and models in the order of their names, whoever decided them when."""
    merged: dict[tuple[str, str], ModelEntry] = {}
    for entry in models:
        known = merged.get((entry.name, entry.site), entry)
        measurements = dict(sorted((known.measurements | entry.measurements).items()))
        merged[entry.name, entry.site] = entry.model_copy(update={"measurements": measurements})
    return Run(
        schema=1,
        claims=tuple(sorted(rows, key=_place)),
        undecided=tuple(sorted(undecided)),
        models=tuple(merged[name] for name in sorted(merged)),
        settings=Settings(
            seed=plan.request.seed,
            claims_counted=len(plan.cases),
            level=plan.level,
            limit=plan.request.limit,
            inconclusive=plan.request.inconclusive,
        ),
        versions={"python": platform.python_version()}
        | {package: metadata.version(package) for package in _PACKAGES},
        performance=dict(sorted(seconds.items())),
    )


def _place(row: ClaimRow) -> tuple[str, str, str, bool, str]:
    return row.model, row.site, row.id, row.group != "overall", row.group
