"""The files that people read, as a session leaves them."""

import pytest

from attnaudit.errors import InternalError, UsageError
from attnaudit.reports import written


@pytest.fixture
def one_audit(audit_session, planted_directories):
    """A session that decides one claim."""

    def run(*options, **more):
        model = planted_directories["faithful"]
        limit = ("--attn-limit", 20, "-k", "order_of_attention")
        return audit_session("--model", model, *limit, *options, **more)

    return run


def test_a_kept_run_has_both_reports_and_the_terminal_says_where(one_audit, pytester):
    session = one_audit()
    page = pytester.path / "report" / "report.html"
    assert "order-matters" in page.read_text(encoding="utf-8")
    assert "order-matters" in (pytester.path / "report" / "report.md").read_text(encoding="utf-8")
    assert f"report: {page}" in session.text


def test_the_pipelines_summary_is_added_to_and_needs_no_report(one_audit, tmp_path, monkeypatch):
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    session = one_audit(report=None)
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n## Attention audit\n")
    assert "order-matters" in text
    assert "report:" not in session.text


def test_a_summary_that_cannot_be_written_changes_no_verdict(one_audit, tmp_path, monkeypatch):
    expected = one_audit().status
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    session = one_audit("-W", "error", report="again")
    assert session.status == expected
    assert f"warning: {tmp_path}, named by GITHUB_STEP_SUMMARY, cannot be written" in session.text
    assert "report: " in session.text


def fail_with(error):
    def fail(*_):
        raise error

    return fail


@pytest.mark.parametrize("error", [UsageError("no space is left"), OSError("no space is left")])
def test_reports_that_cannot_be_written_are_told_and_change_no_verdict(
    one_audit, monkeypatch, error
):
    expected = one_audit().status
    monkeypatch.setattr(written, "write_whole", fail_with(error))
    session = one_audit(report="again")
    assert session.status == expected
    assert "attention claims" in session.text
    assert "warning: the reports could not be written: no space is left" in session.text
    assert session.run["claims"]


def test_tables_that_contradict_each_other_are_an_internal_error(one_audit, monkeypatch):
    error = InternalError("two tables differ")
    monkeypatch.setattr(written, "render_page", fail_with(error))
    session = one_audit()
    assert session.status == pytest.ExitCode.INTERNAL_ERROR
    assert "attention claims" in session.text
    assert "two tables differ" in session.text


def test_a_damaged_record_of_earlier_claims_is_a_usage_error(one_audit, pytester):
    one_audit()
    (pytester.path / "report" / "claims-history.json").write_text("{}", encoding="utf-8")
    session = one_audit()
    assert session.status == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: " in session.text
    assert "claims-history.json, which says by which claims models were judged" in session.text


def test_a_run_that_cannot_be_kept_is_a_usage_error_and_still_shown(one_audit, monkeypatch):
    error = OSError("no space is left")
    monkeypatch.setattr("attnaudit.pytest_plugin.written.write_run", fail_with(error))
    session = one_audit()
    assert session.status == pytest.ExitCode.USAGE_ERROR
    assert "attention claims" in session.text
    assert "warning: the run could not be written: no space is left" in session.text
    assert "run: " not in session.text
