"""What a test function can ask for: a decided audit, the model, its documents."""

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import pytest

from attnaudit.claims import AUDITS
from attnaudit.errors import AttnAuditError
from attnaudit.pytest_plugin.session import MARKER, SESSION
from attnaudit.records import Document, Outcome
from attnaudit.reports.terminal import explanation
from attnaudit.runs.decision import Decision
from attnaudit.runs.plan import Case, Subject
from attnaudit.store.run import ClaimRow

if TYPE_CHECKING:
    from attnaudit.models.protocol import AttentionModel

DECISION = pytest.StashKey[Decision]()


class Audit:
    """A decided claim, to be checked by a test."""

    def __init__(self, case: Case, rows: tuple[ClaimRow, ...], *, inconclusive: str) -> None:
        """Hold what was decided on `case`."""
        self.case = case
        self.rows = rows
        self._passing = {Outcome.SUPPORTED}
        if inconclusive == "warn":
            self._passing.add(Outcome.INCONCLUSIVE)

    @property
    def outcome(self) -> Outcome:
        """The decision on the whole claim."""
        return self.rows[0].outcome

    def check(self) -> None:
        """Fail, with the evidence, unless the claim is supported or advisory."""
        __tracebackhide__ = True
        if self.case.claim.required and self.outcome not in self._passing:
            pytest.fail(explanation(self.rows), pytrace=False)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One item per case of the audit that a test names, or per model where it names none."""
    session = metafunc.config.stash[SESSION]
    marker = metafunc.definition.get_closest_marker(MARKER)
    if marker is not None:
        if marker.args not in {(audit,) for audit in AUDITS}:
            raise pytest.UsageError(
                f"{metafunc.definition.nodeid}: the marker {MARKER} takes one of "
                f"{', '.join(AUDITS)}; found {', '.join(map(repr, marker.args)) or 'nothing'}"
            )
        cases = [case for case in session.plan.cases if case.claim.audit == marker.args[0]]
        metafunc.parametrize("audit", cases, indirect=True, ids=[case.id for case in cases])
    elif "attn_subject" in metafunc.fixturenames:
        subjects = session.plan.subjects
        names = [subject.name for subject in subjects]
        metafunc.parametrize("attn_subject", subjects, indirect=True, ids=names)


@pytest.fixture
def audit(request: pytest.FixtureRequest) -> Audit:
    """A claim about a model, decided. Mark the test with `attention_audit("agreement")`."""
    case: Case = request.param
    session = request.config.stash[SESSION]
    # Everything that can break, breaks here: a broken instrument is an ERROR, not a FAILURE.
    problem = None
    with _uncaptured(request.config):
        try:
            decision = session.auditor.decide(case)
        except AttnAuditError as error:
            problem = f"{type(error).__name__}: {error}"
    if problem is not None:  # The message says what to do; a trace of our code would not.
        pytest.fail(problem, pytrace=False)
    request.node.stash[DECISION] = decision
    row = decision.rows[0]
    for name in ("outcome", "estimate", "low", "high", "at_least", "at_most", "n", "undefined"):
        value = getattr(row, name)
        if value is not None:
            request.node.user_properties.append((f"attnaudit.{name}", str(value)))
    return Audit(case, decision.rows, inconclusive=session.plan.request.inconclusive)


@pytest.fixture
def attn_subject(request: pytest.FixtureRequest) -> Subject:
    """The model under audit with its documents and claims, not yet opened."""
    if "audit" in request.fixturenames:
        decided: Audit = request.getfixturevalue("audit")
        return decided.case.subject
    subject: Subject = request.param
    return subject


@pytest.fixture
def attn_model(request: pytest.FixtureRequest, attn_subject: Subject) -> "AttentionModel":
    """The model under audit, opened. A test that uses it runs once per model."""
    return request.config.stash[SESSION].auditor.model(attn_subject.name)


@pytest.fixture
def attn_documents(attn_subject: Subject) -> tuple[Document, ...]:
    """The documents under audit."""
    return attn_subject.documents


def _uncaptured(config: pytest.Config) -> AbstractContextManager[None]:
    # The progress line must reach the terminal while it moves, not the report afterwards.
    manager = config.pluginmanager.getplugin("capturemanager")
    if manager is None or config.stash[SESSION].is_worker:
        return nullcontext()
    uncaptured: AbstractContextManager[None] = manager.global_and_fixture_disabled()
    return uncaptured
