"""A plain install, without this checkout."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def installed(environment):
    """Variables of a machine on which the wheel is installed."""
    command = [sys.executable, "-m", "pip", "install", "attnaudit"]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return environment


@pytest.fixture
def call(installed, model):
    def run(*arguments):
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(
            command, cwd=model, env=installed, capture_output=True, text=True, check=False
        )

    return run


def test_the_packaged_audits_run_by_name_with_the_short_options(call, model, installed):
    done = call(
        *("pytest", "--pyargs", "attnaudit.audits", "--model", "models/news", "-n", "1"),
        *("--attn-report", "report", "-k", "order_of_attention"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    run = json.loads((model / "report" / "run.json").read_text(encoding="utf-8"))
    assert {row["audit"] for row in run["claims"]} == {"permutation"}
    where = call("pytest", "--version", "--version").stdout
    assert installed["PYTHONPATH"] in where


def test_the_wheel_carries_what_commands_need(call, installed):
    assert call("attnaudit.cli", "init", "fresh").returncode == 0
    printed = json.loads(call("attnaudit.cli", "schema").stdout)
    file = Path(installed["PYTHONPATH"]) / "attnaudit" / "store" / "run.schema.json"
    assert json.loads(file.read_text(encoding="utf-8")) == printed
