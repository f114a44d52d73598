"""What all items found, as one run."""

import pytest

from attnaudit.errors import UsageError
from attnaudit.pytest_plugin.session import AuditSession
from attnaudit.runs.assemble import assemble_run
from attnaudit.runs.history import earlier_run
from attnaudit.store.rows import error_row
from attnaudit.store.run import ClaimRow, ModelEntry, Run

_UNKNOWN_SITE = "default"


def assembled_run(audits: AuditSession) -> Run:
    """The run that the results of a session make, in the order of its plan.

    Raises:
        pytest.UsageError: If the record of earlier claims in the report directory is damaged.
    """
    try:
        earlier = earlier_run(audits.directory)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from error
    rows: list[ClaimRow] = []
    models: list[ModelEntry] = []
    seconds: dict[str, float] = {}
    default_sites = _default_sites(audits)
    for case in audits.plan.cases:
        result = audits.results.get(case.id)
        if result is None:
            continue
        if "error" in result:
            name = case.subject.name
            site = case.site or default_sites.get(name, _UNKNOWN_SITE)
            rows.append(error_row(case.claim, result["error"], model=name, site=site))
            continue
        rows.extend(ClaimRow.model_validate(row) for row in result["rows"])
        models.append(ModelEntry.model_validate(result["model"]))
        seconds |= result["seconds"]
    return assemble_run(
        audits.plan,
        rows=rows,
        models=models,
        seconds=seconds,
        undecided=sorted(audits.case_ids - audits.results.keys()),
        earlier=earlier,
    )


def _default_sites(audits: AuditSession) -> dict[str, str]:
    """Where each model attends if no site was asked for, as far as anything was measured."""
    found = ((case, audits.results.get(case.id, {}).get("model")) for case in audits.plan.cases)
    return {
        case.subject.name: model["site"]
        for case, model in found
        if case.site is None and model is not None
    }
