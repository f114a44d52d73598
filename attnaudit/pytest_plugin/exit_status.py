"""How what happens after the last item decides the exit status."""

import pytest


def fail_session(session: pytest.Session, status: pytest.ExitCode) -> None:
    """Let a session end with this status, unless it was interrupted or broke already."""
    # An interrupt or an internal error of pytest says more than what comes after it.
    if session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        session.exitstatus = status
