import json
import shlex
from importlib.metadata import version

import pytest


def test_it_writes_the_files_and_says_which(call, tmp_path):
    done = call("init", tmp_path / "new")
    assert done.exit_code == 0, done.output
    *named, last = done.output.splitlines()
    there = {str(path) for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert set(named) == there
    assert "pytest audits/ --claims claims.toml" in last


def test_a_second_time_it_writes_nothing(call, tmp_path):
    call("init", tmp_path)
    (tmp_path / "claims.toml").write_text("mine")
    done = call("init", tmp_path)
    assert done.exit_code == 2
    assert "already has audits/conftest.py" in done.stderr
    assert done.stderr.count("\n") == 1
    assert (tmp_path / "claims.toml").read_text() == "mine"


@pytest.mark.parametrize("option", ["--model", "--data", "--package"])
def test_options_reach_the_workflow(call, tmp_path, option):
    call("init", tmp_path, option, "a name")
    [workflow] = (tmp_path / ".github" / "workflows").iterdir()
    assert "'a name'" in workflow.read_text()


@pytest.mark.parametrize(
    ("configuration", "extra"),
    [({"model_type": "bert"}, "[transformers]"), ({"format": "attnaudit/1"}, ""), (None, "")],
)
def test_a_model_of_the_transformers_library_gets_that_extra(call, tmp_path, configuration, extra):
    model = tmp_path / "models" / "news"
    model.mkdir(parents=True)
    if configuration is not None:
        (model / "config.json").write_text(json.dumps(configuration))
    done = call("init", tmp_path, "--model", "models/news")
    assert done.exit_code == 0, done.output
    [workflow] = (tmp_path / ".github" / "workflows").iterdir()
    package = shlex.quote(f"attnaudit{extra}=={version('attnaudit')}")
    assert f"pip install {package}\n" in workflow.read_text()


def test_the_schema_is_printed(call):
    assert call("schema").output.startswith('{\n  "$schema"')
