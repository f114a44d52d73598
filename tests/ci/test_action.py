"""The action of this repository, its scripts run with inputs in the place of expressions."""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
ACTION = YAML(typ="safe").load((ROOT / "action.yml").read_text(encoding="utf-8"))

CLAIM = """
schema = 1

[[claim]]
id = "order"
statement = "s"
audit = "permutation"
at_least = 0.1
kind = "faithfulness"
inference = "necessary"
"""


@pytest.fixture
def act(model, run_steps, environment):
    """Run the action in a repository with a model."""

    def run(**given):
        inputs = {name: about["default"] for name, about in ACTION["inputs"].items()} | given
        values = {f"inputs.{name}": value for name, value in inputs.items()}
        values["github.action_path"] = str(ROOT)
        steps = ACTION["runs"]["steps"]
        return run_steps(steps, folder=model, environment=environment, values=values)

    return run


@pytest.fixture
def calls(act, tmp_path, environment):
    """The words of every call of Python that the action makes; they end with a status."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    python = bin_folder / "python"
    python.write_text(
        '#!/bin/sh\nprintf "<%s>" "$@"\necho\n[ "$2" != pytest ] || exit "$STATUS"\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    environment["PATH"] = f"{bin_folder}:{environment['PATH']}"

    def run(*, status=0, **given):
        environment["STATUS"] = str(status)
        done = act(**given)
        assert done.returncode == status, done.stderr
        return done.stdout.splitlines()

    return run


def test_it_installs_itself_audits_a_model_and_says_where_the_report_is(act, model, environment):
    (model / "claims.toml").write_text(CLAIM, encoding="utf-8")
    done = act(model="models/news", claims="claims.toml")
    assert done.returncode == 0, done.stdout + done.stderr
    report = model / "attention-report"
    run = json.loads((report / "run.json").read_text(encoding="utf-8"))
    assert [row["outcome"] for row in run["claims"]] == ["supported"]
    assert (report / "junit.xml").exists()
    assert Path(environment["GITHUB_OUTPUT"]).read_text() == "report=attention-report\n"
    assert "## Attention audit" in Path(environment["GITHUB_STEP_SUMMARY"]).read_text()


REPORT = "<-m><pytest><--attn-report=attention-report><--junitxml=attention-report/junit.xml>"


def test_without_inputs_the_packaged_audits_run_on_the_packaged_model(calls):
    assert calls() == [
        f"<-m><pip><install><{ROOT}[transformers]>",
        f"{REPORT}<--pyargs><attnaudit.audits>",
    ]


def test_a_version_is_installed_from_the_index(calls):
    assert calls(version="0.1.0")[0] == "<-m><pip><install><attnaudit[transformers]==0.1.0>"


@pytest.mark.parametrize(("extras", "written"), [("", ""), ("all", "[all]")])
def test_the_extras_are_those_that_are_named(calls, extras, written):
    assert calls(extras=extras)[0] == f"<-m><pip><install><{ROOT}{written}>"
    assert calls(extras=extras, version="1")[0] == f"<-m><pip><install><attnaudit{written}==1>"


def test_every_input_reaches_the_session(calls):
    given = {"data": "a b.csv", "claims": "c.toml", "baseline": "before", "audits": "my audits"}
    found = calls(model="one\ntwo words\n", options="--attn-seed=7\n-v", **given)[1]
    assert found == (
        f"{REPORT}<--attn-model=one><--attn-model=two words><--attn-data=a b.csv>"
        "<--attn-claims=c.toml><--attn-baseline=before><--attn-seed=7><-v><my audits>"
    )


def test_the_status_of_the_session_is_that_of_the_step(calls):
    assert len(calls(status=1)) == 2


def test_an_input_is_no_script(calls, model):
    hostile = '"; touch hacked; $(touch hacked) `touch hacked`'
    assert f"<--attn-model={hostile}>" in calls(model=hostile, options=hostile)[1]
    assert not (model / "hacked").exists()


def test_no_input_is_left_unused():
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert [name for name in ACTION["inputs"] if f"inputs.{name}" not in text] == []


def test_the_action_fulfils_the_schema_of_actions(check_schema):
    assert check_schema("vendor.github-actions", ROOT / "action.yml") == ""


def test_what_is_no_action_does_not_fulfil_it(check_schema):
    assert check_schema("vendor.github-actions", "name: 3\n") != ""
