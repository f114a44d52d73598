"""A repository that `attnaudit init` made, and its pipeline."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

WORKFLOW = ".github/workflows/attention-audit.yml"


def git(folder, *arguments):
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)  # noqa: S607


@pytest.fixture
def repository(tmp_path):
    """A clone of a new repository in which the command was run and all was committed."""
    made = tmp_path / "made"
    made.mkdir()
    git(made, "init")
    command = [sys.executable, "-m", "attnaudit.cli", "init"]
    subprocess.run(command, cwd=made, check=True, capture_output=True)
    git(made, "add", ".")
    git(made, "commit", "-m", "audits")
    git(tmp_path, "clone", str(made), "clone")
    return tmp_path / "clone"


def steps_of(folder):
    workflow = YAML(typ="safe").load((folder / WORKFLOW).read_text(encoding="utf-8"))
    return workflow["jobs"]["audit"]["steps"]


def test_a_fresh_repository_audits_as_its_workflow_says(repository, run_steps, environment):
    # All steps are run as written; only one claim of those collected is decided, to save time.
    quick = environment | {"PYTEST_ADDOPTS": "-k order_of_attention"}
    done = run_steps(steps_of(repository), folder=repository, environment=quick)
    assert done.returncode == 0, done.stdout + done.stderr
    report = repository / "attention-report"
    run = json.loads((report / "run.json").read_text(encoding="utf-8"))
    assert [entry["name"] for entry in run["models"]] == ["embedded"]
    assert {row["outcome"] for row in run["claims"]} == {"supported"}
    assert run["models"][0]["claims_source"] == "claims.toml"
    assert "attnaudit.outcome" in (report / "junit.xml").read_text(encoding="utf-8")
    summary = Path(environment["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")
    assert "## Attention audit" in summary


def test_the_workflow_fulfils_the_schema_of_workflows(repository, check_schema):
    assert check_schema("vendor.github-workflows", repository / WORKFLOW) == ""


def test_what_is_no_workflow_does_not_fulfil_it(check_schema):
    assert check_schema("vendor.github-workflows", "jobs: 3\n") != ""
