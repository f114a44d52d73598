import shlex
from pathlib import Path, PurePosixPath

import pytest
from ruamel.yaml import YAML

from attnaudit.claims import default_claims, load_claims
from attnaudit.errors import UsageError
from attnaudit.scaffold.files import CLAIMS, WORKFLOW, scaffold_files

AUDITS = Path(__file__).parents[2] / "attnaudit" / "audits"


def commands(*, package="attnaudit", **options):
    workflow = scaffold_files(package=package, **options)[WORKFLOW]
    [job] = YAML(typ="safe").load(workflow)["jobs"].values()
    return [step["run"] for step in job["steps"] if "run" in step]


def test_every_audit_of_the_package_is_among_the_files_as_it_is():
    files = scaffold_files(package="attnaudit")
    given = {path.name: content for path, content in files.items() if path.parent.name == "audits"}
    expected = {path.name: path.read_bytes() for path in AUDITS.glob("*.py")}
    assert given | {"__init__.py": expected["__init__.py"]} == expected


def test_the_claims_are_the_default_ones(tmp_path):
    path = tmp_path / "claims.toml"
    path.write_bytes(scaffold_files(package="attnaudit")[CLAIMS])
    assert load_claims(path).digest == default_claims().digest


def test_without_a_model_the_workflow_names_none():
    assert "--model" not in commands()[1]


def test_model_and_data_are_words_of_the_command():
    [_, audit] = commands(model="models/my news", data="rows; rm -rf .")
    assert {"--model=models/my news", "--data=rows; rm -rf ."} <= {*shlex.split(audit)}


@pytest.mark.parametrize(
    "package",
    [
        "attnaudit @ git+https://example.org/a",
        "attnaudit[transformers]==0.1.0",
        "attnaudit >= 0.1: or # later",
        "it's - 'quoted' \"twice\" & [all] {the: same}",
        "$HOME `ls` $(ls) \\ | >-  two",
    ],
)
def test_whatever_is_named_is_one_word_of_its_command_as_the_pipeline_reads_it(package):
    install, audit = commands(package=package, model=package)
    assert shlex.split(install) == ["python", "-m", "pip", "install", package]
    assert f"--model={package}" in shlex.split(audit)


@pytest.mark.parametrize("value", ["", "a\nb", "${{ secrets.X }}", "\x1b[2J"])
def test_what_a_workflow_would_read_otherwise_is_refused(value):
    with pytest.raises(UsageError, match="cannot stand in a workflow"):
        scaffold_files(package="attnaudit", model=value)


def test_paths_stay_in_the_repository():
    for path in scaffold_files(package="attnaudit"):
        assert isinstance(path, PurePosixPath)
        assert not path.is_absolute()
        assert ".." not in path.parts
