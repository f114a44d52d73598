"""From decided items to the terminal section and run.json, written by the controlling process."""

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import pytest

from attnaudit.pytest_plugin.baseline import (
    compare_with_baseline,
    open_baseline,
    write_baseline_section,
)
from attnaudit.pytest_plugin.fixtures import DECISION
from attnaudit.pytest_plugin.session import SESSION, AuditSession
from attnaudit.pytest_plugin.written import write_run_reports
from attnaudit.records import Outcome
from attnaudit.reports.comparison import comparison_lines
from attnaudit.reports.strata import stratum_lines
from attnaudit.reports.terminal import summary_lines
from attnaudit.runs.assemble import assemble_run
from attnaudit.runs.plan import Case
from attnaudit.runs.stored import StoredRun
from attnaudit.store.run import ClaimRow, ModelEntry, Run, error_row, write_run

_COLOURS = {
    Outcome.ERROR: {"red": True, "bold": True},
    Outcome.REFUTED: {"red": True},
    Outcome.INCONCLUSIVE: {"yellow": True},
    Outcome.NOT_TESTABLE: {"yellow": True},
    Outcome.SUPPORTED: {"green": True},
}
_RUN = pytest.StashKey[Run]()
_PAGE = pytest.StashKey[Path | None]()


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say what will be audited, where audits were asked for."""
    session = config.stash[SESSION]
    if not session.asked_for:
        return None
    names = ", ".join(subject.name for subject in session.plan.subjects)
    return f"attnaudit: {len(session.plan.cases)} claims about {names}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the decision travel with the report, from a worker to its controller too."""
    report = yield
    case = _case(item)
    if case is not None and (report.when == "call" or report.failed):
        vars(report)["attnaudit"] = {"case": case.id, **_content(item, call)}
    return report


def _case(item: pytest.Item) -> Case | None:
    callspec = getattr(item, "callspec", None)
    case = callspec.params.get("audit") if callspec is not None else None
    return case if isinstance(case, Case) else None


def _content(item: pytest.Item, call: pytest.CallInfo[None]) -> dict[str, Any]:
    decision = item.stash.get(DECISION, None)
    if decision is None:
        return {"error": str(call.excinfo.value) if call.excinfo else "not decided"}
    return {
        "rows": [row.model_dump(mode="json") for row in decision.rows],
        "model": decision.model.model_dump(mode="json"),
        "seconds": decision.seconds,
    }


class Collector:
    """Keeps what every item found, in the process that controls the run."""

    def __init__(self, session: AuditSession) -> None:
        """Collect into the results of `session`."""
        self._session = session

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the decision from a report, or the reason why there is none."""
        found = getattr(report, "attnaudit", None)
        if found is None and report.failed:
            found = self._crashed(report)
        if found is not None:
            self._session.results[found["case"]] = found

    def _crashed(self, report: pytest.TestReport) -> dict[str, Any] | None:
        # A worker that dies sends no decision; its controller knows only which item it ran.
        _, bracket, parameter = report.nodeid.removesuffix("]").partition("[")
        decidable = self._session.case_ids - self._session.results.keys()
        # pytest writes parameters in ASCII.
        named = {name.encode("unicode_escape").decode("ascii"): name for name in decidable}
        if not bracket or parameter not in named:
            return None
        return {"case": named[parameter], "error": report.longreprtext or "the worker process died"}


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to collect, beside an earlier run where one is named."""
    config = session.config
    if not config.stash[SESSION].is_worker:
        open_baseline(config)
    config.pluginmanager.register(Collector(config.stash[SESSION]), "attnaudit-collector")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write run.json, and compare it with an earlier run where one is named."""
    audits = session.config.stash[SESSION]
    if audits.is_worker or not audits.results:
        return
    run = _assemble(audits)
    session.config.stash[_RUN] = run
    write_run(audits.directory.run_file, run)
    session.config.stash[_PAGE] = write_run_reports(audits, run)
    compare_with_baseline(session, audits.plan, StoredRun(audits.directory, run))


def _assemble(audits: AuditSession) -> Run:
    rows: list[ClaimRow] = []
    models: list[ModelEntry] = []
    seconds: dict[str, float] = {}
    for case in audits.plan.cases:
        result = audits.results.get(case.id)
        if result is None:
            continue
        if "error" in result:
            name, site = case.subject.name, case.site or "default"
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
    )


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """One line per claim, worst first; with -v also the strata and what the adversary found."""
    run = config.stash.get(_RUN, None)
    if run is None:
        return
    terminalreporter.section("attention claims")
    heading, *lines = summary_lines(run.claims)
    terminalreporter.write_line(heading, bold=True)
    for line in lines:
        outcome = Outcome(line.split()[0])
        terminalreporter.write_line(line, **_COLOURS[outcome])
    if run.undecided:
        terminalreporter.write_line(
            f"{len(run.undecided)} more claims were planned and not decided in this session"
        )
    audits = config.stash[SESSION]
    if config.get_verbosity() > 0:
        _write_section(terminalreporter, "by confidence", stratum_lines(run.claims))
        found = comparison_lines(run, audits.directory)
        _write_section(terminalreporter, "farthest attention with the same output", found)
    write_baseline_section(terminalreporter, config)
    if audits.report is not None:
        terminalreporter.write_line(f"run: {audits.directory.run_file}")
        terminalreporter.write_line(f"report: {config.stash[_PAGE]}")


def _write_section(
    terminalreporter: pytest.TerminalReporter, title: str, lines: Sequence[str]
) -> None:
    if lines:
        terminalreporter.section(title, sep="-")
    for line in lines:
        terminalreporter.write_line(line)
