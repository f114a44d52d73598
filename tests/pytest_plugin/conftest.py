"""A user's repository: the audits, and nothing of our own configuration."""

import json
import shutil
from pathlib import Path

import pytest

# A session inside this process forgets what it imported; compiled modules cannot be loaded twice.
import attnaudit.runs.auditor
import attnaudit.training.trainer  # noqa: F401

AUDITS = Path(__file__).parents[2] / "attnaudit" / "audits"


@pytest.fixture(autouse=True)
def no_summary_of_a_pipeline(monkeypatch):
    """Sessions of tests must not write to the page of the pipeline that runs them."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


class Session:
    """One finished pytest process."""

    def __init__(self, result, folder):
        self.status = result.ret
        self.text = result.stdout.str() + result.stderr.str()
        self.result = result
        self._folder = folder

    @property
    def run(self):
        return json.loads((self._folder / "run.json").read_text())

    def outcomes(self, model=None):
        """Outcome of every claim by its id."""
        return {
            row["id"]: row["outcome"]
            for row in self.run["claims"]
            if row["group"] == "overall" and model in (None, row["model"])
        }


@pytest.fixture
def audit_session(pytester):
    """Run `pytest audits/` with some options and keep its report."""
    shutil.copytree(AUDITS, pytester.path / "audits", ignore=shutil.ignore_patterns("__*"))
    pytester.makeini("[pytest]\n")

    def run(*options, report="report", process=pytester.runpytest_inprocess):
        arguments = [str(option) for option in options]
        folder = None
        if report is not None:
            folder = pytester.path / report
            arguments += ["--attn-report", str(folder)]
        result = process("audits", "-p", "no:benchmark", *arguments)
        return Session(result, folder)

    return run
