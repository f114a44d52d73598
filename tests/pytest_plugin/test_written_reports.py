"""The files that people read, as a session leaves them."""

import pytest


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
    session = one_audit("-W", "default", report="again")
    assert session.status == expected
    assert "named by GITHUB_STEP_SUMMARY, cannot be written" in session.text
