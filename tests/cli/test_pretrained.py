"""attnaudit train --pretrained from end to end, on a network of one small layer."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("transformers")

from attnaudit.models import open_model
from attnaudit.records import Document
from attnaudit.training import fine_tuning

from ..training.tiny_encoder import save_encoder  # noqa: TID252 - tests are no package

REPOSITORY = Path(__file__).parents[2]
SIZES = (("train", 20), ("dev", 4), ("test", 4))


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    path = tmp_path_factory.mktemp("encoder")
    save_encoder(path)
    return path


@pytest.fixture
def table(tmp_path):
    """A csv with columns of its own names."""
    rows = ["review,stars,split"]
    for split, size in SIZES:
        for number in range(size):
            stars, word = (("good", "great"), ("bad", "awful"))[number % 2]
            rows.append(f"{'film ' * (1 + number // 2)}was {word},{stars},{split}")
    path = tmp_path / "table.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


def arguments(table, encoder, out):
    return (
        *("train", "--data", table, "--columns", "text=review,label=stars,split=split"),
        *("--pretrained", encoder, "--epochs", 1, "--device", "cpu", "--out", out),
    )


def test_it_writes_a_model_and_prints_its_scores(call, table, encoder, tmp_path):
    out = tmp_path / "model"
    done = call(*arguments(table, encoder, out))
    assert done.exit_code == 0, done.output
    report = json.loads((out / "training.json").read_text())
    assert report["documents"] == dict(SIZES)
    assert f"test  accuracy {report['test']['accuracy']:.3f}" in done.output
    assert f"pytest audits/ --model {out}" in done.output
    assert open_model(str(out)).outputs.classes == ("bad", "good")


def test_the_longest_input_can_be_bounded_and_an_audit_reads_no_more(
    call, table, encoder, tmp_path
):
    out = tmp_path / "model"
    assert call(*arguments(table, encoder, out), "--longest", 6).exit_code == 0
    model = open_model(str(out))
    batch = model.prepare([Document(id="long", text="film " * 9), Document(id="short", text="we")])
    assert batch.piece_ids.shape == (2, 6)
    assert batch.truncated == ("long",)


def test_a_bound_of_the_longest_input_needs_a_pretrained_network(call, table, tmp_path):
    chosen = ("--encoder", "average", "--attention", "dot", "--out", tmp_path / "model")
    done = call("train", "--data", table, *chosen, "--longest", 6)
    assert done.exit_code == 2
    assert "--longest bounds the input of a pretrained network, and none is named" in done.stderr


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(None, id="nowhere"),
        pytest.param({}, id="empty"),
        pytest.param({"config.json": '{"format": 1}'}, id="of-another-kind"),
    ],
)
def test_what_is_no_directory_of_the_library_is_refused(files, call, table, tmp_path):
    path = tmp_path / "network"
    if files is not None:
        path.mkdir()
        for name, text in files.items():
            (path / name).write_text(text)
    done = call(*arguments(table, path, tmp_path / "model"))
    assert done.exit_code == 2
    assert done.stderr.startswith(f"error: --pretrained {path} cannot be opened")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "model").exists()


def test_a_folder_that_holds_something_else_is_left_alone(call, table, encoder, tmp_path):
    out = tmp_path / "model"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    done = call(*arguments(table, encoder, out))
    assert done.exit_code == 2
    assert "already holds thesis.txt" in done.stderr
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


def test_after_an_interrupt_the_same_command_begins_anew_and_another_is_refused(
    call, table, encoder, tmp_path, monkeypatch
):
    def interrupt(*_):
        raise KeyboardInterrupt

    out = tmp_path / "model"
    handler = signal.getsignal(signal.SIGINT)
    with monkeypatch.context() as patched:
        patched.setattr(fine_tuning._Classification, "training_step", interrupt)
        done = call(*arguments(table, encoder, out))
    assert done.exit_code == 130
    assert signal.getsignal(signal.SIGINT) is handler
    assert "interrupted: the same command begins anew" in done.stderr
    assert not (out / "config.json").exists()
    other = call(*arguments(table, encoder, out), "--batch-size", 3)
    assert other.exit_code == 2
    assert "holds a training with another --batch-size: 32 there, 3 now" in other.stderr
    assert call(*arguments(table, encoder, out)).exit_code == 0
    assert (out / "config.json").exists()


# Others find by its metadata that it is there, and then import it.
HIDING = """
import importlib.metadata, sys

found = importlib.metadata.distribution

def distribution(name):
    if name == "transformers":
        raise importlib.metadata.PackageNotFoundError(name)
    return found(name)

importlib.metadata.distribution = distribution
sys.modules["transformers"] = None
"""


def without_the_library(code):
    command = [sys.executable, "-c", HIDING + code]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)


def test_training_without_the_library_names_the_extra_to_install(table, encoder, tmp_path):
    given = [str(one) for one in arguments(table, encoder, tmp_path / "model")]
    run = without_the_library(f"from attnaudit.cli import app\napp({given!r})")
    assert run.returncode == 2
    assert "pip install 'attnaudit[transformers]'" in run.stderr
    assert "Traceback" not in run.stderr


def test_an_audit_without_the_library_names_the_extra_to_install(table, encoder):
    given = [
        *("audits/test_permutation.py", "--model", str(encoder), "--data", str(table)),
        *("--attn-columns", "text=review,label=stars", "-p", "no:cacheprovider"),
    ]
    run = without_the_library(f"import pytest\nsys.exit(pytest.main({given!r}))")
    assert run.returncode == 1
    assert "pip install 'attnaudit[transformers]'" in " ".join(run.stdout.split())
