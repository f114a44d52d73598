"""Decisions from all workers put together as one `Run`."""

import platform
from collections.abc import Sequence
from importlib import metadata

from attnaudit.runs.history import with_history
from attnaudit.runs.plan import Plan
from attnaudit.store.judged_by import JudgedBy
from attnaudit.store.rows import row_place
from attnaudit.store.run import ClaimRow, ModelEntry, Run, Settings
from attnaudit.verdicts import FIRST_BLOCK

_PACKAGES = ("attnaudit", "torch", "numpy", "scipy")


def assemble_run(
    plan: Plan,
    *,
    rows: Sequence[ClaimRow],
    models: Sequence[ModelEntry],
    seconds: dict[str, float],
    undecided: Sequence[str] = (),
    earlier: Sequence[JudgedBy] = (),
) -> Run:
    """One run, its rows and models in the order of their names, whoever decided them when.

    Args:
        plan: What was to be decided.
        rows: Rows of all claims.
        models: A model at a site for every claim, with the measurement that decided it.
        seconds: How long each step took.
        undecided: Cases that were planned and not decided.
        earlier: What models were judged by in the same directory so far.
    """
    merged: dict[tuple[str, str], ModelEntry] = {}
    for entry in models:
        known = merged.get((entry.name, entry.site), entry)
        measurements = dict(sorted((known.measurements | entry.measurements).items()))
        # Claims that stayed open longer have drawn more documents.
        most = max(known, entry, key=lambda one: one.documents.n)
        merged[entry.name, entry.site] = most.model_copy(update={"measurements": measurements})
    return Run(
        schema=1,
        claims=tuple(sorted(rows, key=row_place)),
        undecided=tuple(sorted(undecided)),
        not_asked=plan.not_asked,
        models=tuple(with_history(merged[name], earlier) for name in sorted(merged)),
        settings=Settings(
            seed=plan.request.seed,
            claims_counted=len(plan.cases),
            level=plan.level,
            limit=plan.request.limit,
            inconclusive=plan.request.inconclusive,
            first_block=FIRST_BLOCK if plan.request.adaptive else None,
        ),
        versions={"python": platform.python_version()}
        | {package: metadata.version(package) for package in _PACKAGES},
        performance=dict(sorted(seconds.items())),
    )
