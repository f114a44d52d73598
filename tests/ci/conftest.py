"""What a pipeline does, done here: an installed wheel, and steps run as a runner runs them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    """A folder with the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheels")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture
def environment(tmp_path, wheels):
    """Variables of a machine that has what attnaudit needs, and installs attnaudit from the wheel.

    What it installs comes first on the path, before this checkout.
    """
    own = ("PYTEST", "COVERAGE", "COV_", "GITHUB_", "PIP_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    installed, summary, output = tmp_path / "installed", tmp_path / "summary", tmp_path / "output"
    summary.touch()
    output.touch()
    return kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(installed),
        "PIP_TARGET": str(installed),
        "PIP_FIND_LINKS": str(wheels),
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        # The name is pip's own: "no" here is what --no-build-isolation says.
        "PIP_NO_BUILD_ISOLATION": "no",
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_OUTPUT": str(output),
    }


@pytest.fixture
def run_steps():
    """Run the scripts of some steps, one after another, until one fails.

    Expressions become what `values` says; an expression that it does not know is an error. The
    result is the status of the last one and what all have printed.
    """

    def run(steps, *, folder, environment, values=None):
        def filled(text):
            return _EXPRESSION.sub(lambda found: (values or {})[found[1]], str(text))

        printed, problems = "", ""
        for step in steps:
            if "run" not in step:
                continue
            variables = {name: filled(value) for name, value in step.get("env", {}).items()}
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            done = subprocess.run(
                command,
                cwd=folder,
                env=environment | variables,
                capture_output=True,
                text=True,
                check=False,
            )
            printed, problems = printed + done.stdout, problems + done.stderr
            if done.returncode:
                break
        return subprocess.CompletedProcess(steps, done.returncode, printed, problems)

    return run


@pytest.fixture
def check_schema(tmp_path):
    """The problems that a published schema of a pipeline finds in a file or in text."""

    def check(schema, source):
        path = source
        if isinstance(source, str):
            path = tmp_path / "checked.yml"
            path.write_text(source, encoding="utf-8")
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout if done.returncode else ""

    return check


@pytest.fixture
def model(tmp_path, planted_directories):
    """A repository with a small model in it, and its folder."""
    folder = tmp_path / "work"
    shutil.copytree(planted_directories["faithful"], folder / "models" / "news")
    return folder
