"""The job for GitLab that the documentation has, run as it stands there."""

import io
import re
from importlib.metadata import version
from pathlib import Path

import pytest
from ruamel.yaml import YAML

PAGE = Path(__file__).parents[2] / "docs" / "ci.md"


@pytest.fixture
def blocks():
    return re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture
def job(blocks):
    [text] = [block for block in blocks if block.startswith("attention-audit:")]
    return YAML(typ="safe").load(io.StringIO(text))["attention-audit"]


def test_the_job_installs_attnaudit_and_finds_the_audits_of_its_model(
    job, model, run_steps, environment
):
    # Nothing is measured, to save time: that these audits can be is tested with the action.
    quick = environment | {"PYTEST_ADDOPTS": "--collect-only -q"}
    done = run_steps([{"run": line} for line in job["script"]], folder=model, environment=quick)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "test_the_order_of_attention_matters[news/order-matters]" in done.stdout
    for path in (*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]):
        assert (model / path).exists()


def test_the_job_installs_the_version_that_is_documented(job):
    assert job["script"][0].endswith(f"attnaudit=={version('attnaudit')}")


def test_the_documented_pipelines_fulfil_their_schemas(blocks, check_schema):
    found = {
        "vendor.gitlab-ci" if "script:" in block else "vendor.github-workflows": block
        for block in blocks
    }
    assert set(found) == {"vendor.gitlab-ci", "vendor.github-workflows"}
    assert [check_schema(schema, block) for schema, block in found.items()] == ["", ""]
