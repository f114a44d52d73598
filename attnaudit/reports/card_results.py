"""A run in the form in which model cards hold results of evaluations (model-index)."""

from collections.abc import Sequence
from typing import Any

from attnaudit.reports.readable import readable
from attnaudit.reports.verdict_table import claimed_words
from attnaudit.store.run import ClaimRow, ModelEntry, Run

METRIC_PREFIX = "attnaudit-"
"""How the type of every metric begins that comes from an audit; the claim's id follows."""

_TASK = "text-classification"
_LONGEST = 1_000


def evaluation_results(run: Run, name: str) -> list[dict[str, Any]]:
    """One result per attention site of a model, with one metric per claim that has a number.

    Args:
        run: What was decided.
        name: A model of it.
    """
    return [
        _result(entry, metrics)
        for entry in run.models
        if entry.name == name and (metrics := _metrics(run, entry))
    ]


def _metrics(run: Run, entry: ModelEntry) -> Sequence[dict[str, Any]]:
    return [
        _metric(row)
        for row in run.claims
        if (row.model, row.site, row.group) == (entry.name, entry.site, "overall")
        and row.estimate is not None
    ]


def _result(entry: ModelEntry, metrics: Sequence[dict[str, Any]]) -> dict[str, Any]:
    source = readable(entry.documents.source, longest=_LONGEST)
    return {
        "task": {"type": _TASK},
        "dataset": {
            "type": source,
            "name": source,
            "revision": entry.documents.digest,
        },
        "metrics": list(metrics),
    }


def _metric(row: ClaimRow) -> dict[str, Any]:
    return {
        "type": f"{METRIC_PREFIX}{row.id}",
        "name": readable(row.statement, longest=_LONGEST),
        "value": row.estimate,
        "args": {
            "claimed": claimed_words(row),
            "outcome": row.outcome.value,
            "low": row.low,
            "high": row.high,
            "null_estimate": row.null,
            "documents": row.n,
            "site": readable(row.site, longest=_LONGEST),
        },
    }
