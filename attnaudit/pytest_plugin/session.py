"""The state of one pytest process: its plan, run directory, auditor and decisions."""

import shutil
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from attnaudit.errors import MissingExtraError, UsageError
from attnaudit.pytest_plugin.options import given_options, make_request
from attnaudit.runs.plan import Plan, make_plan
from attnaudit.store.directory import RunDirectory, create_run_directory

if TYPE_CHECKING:
    from attnaudit.runs.auditor import Auditor

MARKER = "attention_audit"
_WORKER_KEY = "attnaudit_directory"


class AuditSession:
    """What the hooks share. Everything is made when it is first needed."""

    def __init__(self, config: pytest.Config) -> None:
        """Read the options; open nothing."""
        self._config = config
        self._given = given_options(config)
        self._temporary: Path | None = None
        self.results: dict[str, dict[str, Any]] = {}

    @property
    def asked_for(self) -> bool:
        """Whether any audit option was given, so that a mistake in it should be reported."""
        return bool(self._given) or self.report is not None

    @property
    def report(self) -> str | None:
        """Where the user wants the run kept, or None."""
        report: str | None = self._config.getoption("attn_report")
        return report

    @property
    def is_worker(self) -> bool:
        """Whether another process controls this one."""
        return hasattr(self._config, "workerinput")

    @cached_property
    def plan(self) -> Plan:
        """All cases of the run."""
        try:
            return make_plan(make_request(self._given))
        except (UsageError, MissingExtraError) as error:
            raise pytest.UsageError(str(error)) from error

    @property
    def case_ids(self) -> set[str]:
        """Ids of the cases, none if no audit has been asked for."""
        planned = self.asked_for or "plan" in vars(self)
        return {case.id for case in self.plan.cases} if planned else set()

    @cached_property
    def directory(self) -> RunDirectory:
        """The run directory, which all workers share."""
        if self.is_worker:
            return RunDirectory(Path(getattr(self._config, "workerinput")[_WORKER_KEY]))  # noqa: B009
        if self.report is None:
            # Only named here: sessions without an audit should leave no trace on the disk.
            self._temporary = Path(tempfile.gettempdir()) / f"attnaudit-{uuid4().hex}"
            return RunDirectory(self._temporary)
        try:
            return create_run_directory(Path(self.report))
        except UsageError as error:
            raise pytest.UsageError(str(error)) from error

    @cached_property
    def auditor(self) -> "Auditor":
        """Opens models and measures; this is where torch is imported."""
        from attnaudit.runs.auditor import Auditor  # noqa: PLC0415

        self.directory.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Auditor(self.plan, self.directory, show_progress=not self.is_worker)

    def close(self) -> None:
        """Remove what nobody asked to keep."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)


SESSION = pytest.StashKey[AuditSession]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the session; if audits were asked for, report usage errors before anything runs."""
    config.addinivalue_line(
        "markers", f"{MARKER}(audit): one item per model, site and claim of this kind of audit"
    )
    session = config.stash[SESSION] = AuditSession(config)
    if config.pluginmanager.hasplugin("xdist"):
        config.pluginmanager.register(_XdistHooks(session), "attnaudit-xdist")
    if session.asked_for and not session.is_worker:
        _ = session.plan, session.directory


def pytest_unconfigure(config: pytest.Config) -> None:
    """Clean up."""
    session = config.stash.get(SESSION, None)
    if session is not None:
        session.close()


class _XdistHooks:
    """Hooks that exist only where pytest-xdist is installed."""

    def __init__(self, session: AuditSession) -> None:
        self._session = session

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:  # noqa: ANN401 - a type of pytest-xdist
        """Tell a worker where the run directory is."""
        node.workerinput[_WORKER_KEY] = str(self._session.directory.path)
