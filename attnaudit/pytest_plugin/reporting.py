"""From decided items to the terminal section and run.json, written by the controlling process."""

from collections.abc import Generator
from typing import Any

import pytest

from attnaudit.pytest_plugin.assembled import assembled_run
from attnaudit.pytest_plugin.baseline import (
    compare_with_baseline,
    open_baseline,
    write_baseline_section,
)
from attnaudit.pytest_plugin.fixtures import DECISION
from attnaudit.pytest_plugin.session import SESSION, AuditSession
from attnaudit.pytest_plugin.terminal_section import write_claims, write_details, write_notes
from attnaudit.pytest_plugin.written import write_run_file, write_run_reports
from attnaudit.reports.plain import plain
from attnaudit.runs.plan import Case
from attnaudit.runs.stored import StoredRun
from attnaudit.store.run import Run

_RUN = pytest.StashKey[Run]()
_WRITTEN = pytest.StashKey[list[str]]()
_NAME_WIDTH = 100


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say what will be audited, where audits were asked for."""
    session = config.stash[SESSION]
    if not session.asked_for:
        return None
    subjects = session.plan.subjects
    names = ", ".join(plain(subject.name, width=_NAME_WIDTH) for subject in subjects)
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
    run = session.config.stash[_RUN] = assembled_run(audits)
    written = write_run_file(session, audits, run)
    # What can fail a release comes before what is only to be read.
    compare_with_baseline(session, audits.plan, StoredRun(audits.directory, run))
    written += write_run_reports(session, audits, run)
    session.config.stash[_WRITTEN] = written


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """One line per claim, worst first; with -v also the strata and what the adversary found."""
    run = config.stash.get(_RUN, None)
    if run is None:
        return
    audits = config.stash[SESSION]
    write_claims(terminalreporter, run)
    if config.get_verbosity() > 0:
        write_details(terminalreporter, run, audits.directory)
    write_baseline_section(terminalreporter, config)
    written = config.stash[_WRITTEN]
    write_notes(terminalreporter, written)
