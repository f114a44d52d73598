import json
import subprocess
import sys
from importlib.metadata import version

import pytest
from typer.testing import CliRunner

from attnaudit import cli
from attnaudit.data import catalog
from attnaudit.training import trainer


@pytest.fixture
def call():
    def run(*arguments):
        return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])

    return run


@pytest.fixture
def table(tmp_path):
    """A csv without splits, with columns of its own names."""
    rows = ["review,stars"]
    for number in range(200):
        verdict, word = (("good", "great"), ("bad", "awful"))[number % 2]
        rows.append(f"film {number // 2 * 'very '}{word},{verdict}")
    path = tmp_path / "table.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


SMALL = ("--embedding-size", 8, "--hidden-size", 4, "--epochs", 2, "--tokenizer", "whitespace")


def test_the_version_is_that_of_the_installed_package(call):
    assert call("--version").output == f"attnaudit {version('attnaudit')}\n"


@pytest.mark.parametrize("module", ["attnaudit.cli", "attnaudit.pytest_plugin"])
@pytest.mark.parametrize("slow", ["torch", "scipy.stats", "matplotlib", "spacy"])
def test_what_every_command_and_every_test_session_loads_imports_nothing_slow(module, slow):
    code = f"import sys, {module}; sys.exit({slow!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_train_writes_a_model_and_prints_its_scores(call, table, tmp_path):
    out = tmp_path / "model"
    done = call(
        *("train", "--data", table, "--columns", "text=review,label=stars"),
        *("--encoder", "cnn", "--attention", "dot", "--device", "cpu", "--out", out, *SMALL),
    )
    assert done.exit_code == 0, done.output
    report = json.loads((out / "training.json").read_text())
    assert report["options"]["attention"] == "dot"
    assert report["options"]["columns"] == {"text": "review", "label": "stars"}
    assert f"test  accuracy {report['test']['accuracy']:.3f}" in done.output
    assert f"--model {out}" in done.output
    assert (out / "config.json").exists()


def test_what_was_left_out_is_said(call, table, tmp_path):
    done = call(
        *("train", "--data", table, "--columns", "text=review,label=stars", "--max-tokens", 60),
        *("--encoder", "average", "--attention", "additive", "--out", tmp_path / "model", *SMALL),
    )
    report = json.loads((tmp_path / "model" / "training.json").read_text())
    assert report["left_out"]["train"] > 0
    assert f"{report['left_out']['train']} of another length left out" in done.output


def train_arguments(data, out):
    return ("train", "--data", data, "--encoder", "average", "--attention", "dot", "--out", out)


def test_an_error_of_the_package_is_one_line_and_status_2(call, tmp_path):
    done = call(*train_arguments("no-such-set", tmp_path / "out"))
    assert done.exit_code == 2
    assert done.stderr.startswith("error: there is no data set or file 'no-such-set'")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_an_unknown_encoder_is_a_usage_error(call, tmp_path):
    done = call("train", "--data", "x", "--encoder", "gru", "--attention", "dot", "--out", tmp_path)
    assert done.exit_code == 2
    assert "gru" in done.stderr


@pytest.mark.parametrize("columns", ["text", "text=", "=review", "text=review,label"])
def test_columns_that_are_no_pairs_are_refused(call, table, tmp_path, columns):
    done = call(*train_arguments(table, tmp_path / "out"), "--columns", columns)
    assert done.exit_code == 2
    assert "is not FIELD=COLUMN" in done.stderr


def test_an_interrupt_says_how_to_go_on(call, table, tmp_path, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(trainer, "fit", interrupt)
    done = call(
        *train_arguments(table, tmp_path / "out"), "--columns", "text=review,label=stars", *SMALL
    )
    assert done.exit_code == 130
    assert "the same command goes on from the last finished epoch" in done.stderr


def test_every_name_of_the_catalog_is_listed_with_whether_it_is_here(call, monkeypatch):
    monkeypatch.setattr(catalog, "is_cached", lambda name: name == "20news-sports")
    lines = call("data", "list").output.splitlines()
    assert [line.split()[0] for line in lines] == list(catalog.names())
    states = {line.split()[0]: "not fetched" not in line for line in lines}
    assert states == {name: name == "20news-sports" for name in catalog.names()}


def test_show_says_what_a_data_set_is_and_where_it_is_from(call):
    entry = catalog.show("20news-sports")
    output = call("data", "show", "20news-sports").output
    for part in (
        entry.description,
        *entry.classes,
        entry.origin.wheel.project,
        entry.origin.wheel.version,
    ):
        assert part in output


def test_get_prints_where_the_documents_lie(call, monkeypatch, tmp_path):
    monkeypatch.setattr(catalog, "get", lambda name: tmp_path / name)
    assert call("data", "get", "20news-sports").output == f"{tmp_path / '20news-sports'}\n"


@pytest.mark.parametrize("verb", ["show", "get"])
def test_an_unknown_name_is_refused_with_the_known_ones(call, verb):
    done = call("data", verb, "mnist")
    assert done.exit_code == 2
    assert "20news-sports" in done.stderr
    assert done.stderr.count("\n") == 1
