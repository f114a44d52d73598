"""The commands that a release pipeline waits for."""

import subprocess
import sys

import pytest
import torch
from typer.testing import CliRunner

import attnaudit
from attnaudit import cli
from attnaudit.claims import load_claims
from attnaudit.models import faithful_model, uniform_attention_model
from attnaudit.runs.stored import open_run
from attnaudit.store.run import read_run, write_run

CLAIM = """
[[claim]]
id = "{name}"
statement = "s"
audit = "permutation"
at_least = {limit}
margin = {margin}
kind = "faithfulness"
inference = "necessary"
"""


@pytest.fixture
def call():
    def run(*arguments):
        return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])

    return run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("gates")


@pytest.fixture(scope="module")
def claims(folder):
    path = folder / "claims.toml"
    path.write_text("schema = 1\n" + CLAIM.format(name="order", limit=0.1, margin=0.05))
    return path


@pytest.fixture(scope="module")
def runs(folder, claims, planted_documents):
    """Runs about attention on the one word that decides, and about attention spread evenly."""
    models = {"faithful": faithful_model(), "uniform": uniform_attention_model()}
    for name, model in models.items():
        attnaudit.audit(
            model, planted_documents, load_claims(claims), name=name, report=folder / name
        )
    return {name: folder / name for name in models}


def test_a_run_beside_itself_passes_and_says_why(call, runs):
    done = call("compare", runs["faithful"], runs["faithful"], "--inconclusive", "fail")
    assert done.exit_code == 0, done.output
    assert "the same values to the last bit: order of faithful" in done.output
    assert done.output.endswith("1 unchanged\n")


def test_a_model_that_got_worse_fails_and_one_that_improved_passes(call, runs):
    worse = call("compare", runs["faithful"], runs["uniform"])
    assert worse.exit_code == 1
    assert worse.output.splitlines()[1].split()[:3] == ["worse", "uniform", "order"]
    assert "uniform against faithful: 120 documents paired by id" in worse.output
    improved = call("compare", runs["uniform"], runs["faithful"])
    assert improved.exit_code == 0
    assert improved.output.endswith("1 improved\n")


def test_an_open_comparison_warns_unless_it_is_asked_to_fail(call, runs, folder, planted_documents):
    # Other weights that do nearly the same, and a margin too narrow for 120 documents.
    path = folder / "narrow.toml"
    path.write_text("schema = 1\n" + CLAIM.format(name="order", limit=0.1, margin=0.001))
    narrow = load_claims(path)
    model = faithful_model()
    with torch.no_grad():
        for parameter in model.network.parameters():
            parameter.mul_(1.001)
    attnaudit.audit(model, planted_documents, narrow, name="near", report=folder / "near")
    arguments = ("compare", runs["faithful"], folder / "near")
    assert call(*arguments).exit_code == 0
    assert call(*arguments).output.endswith("1 inconclusive\n")
    assert call(*arguments, "--inconclusive", "fail").exit_code == 1


def test_a_supported_claim_that_is_no_longer_made_fails(call, runs, folder):
    stored = open_run(runs["faithful"])
    fewer = folder / "fewer"
    fewer.mkdir()
    for part in ("documents", "measurements"):
        (fewer / part).symlink_to(runs["faithful"] / part)
    path = folder / "renamed.toml"
    path.write_text("schema = 1\n" + CLAIM.format(name="other", limit=0.1, margin=0.05))
    renamed = load_claims(path)
    [entry] = stored.run.models
    source = {"claims_source": str(path), "claims_digest": renamed.digest}
    write_run(
        fewer / "run.json",
        stored.run.model_copy(update={"claims": (), "models": (entry.model_copy(update=source),)}),
    )
    done = call("compare", runs["faithful"], fewer)
    assert done.exit_code == 1
    assert "not in the new run: order of faithful" in done.output


def test_chosen_claims_are_the_only_ones_compared(call, runs, folder):
    path = folder / "chosen.toml"
    path.write_text("schema = 1\n" + CLAIM.format(name="mine", limit=0.2, margin=0.05))
    done = call("compare", runs["faithful"], runs["faithful"], "--claims", path)
    assert done.exit_code == 0
    assert done.output.splitlines()[1].split()[:3] == ["unchanged", "faithful", "mine"]


def test_a_stored_run_is_judged_by_other_claims(call, runs, claims, folder):
    same = call("judge", runs["faithful"], "--claims", claims)
    assert same.exit_code == 0
    assert same.output.splitlines()[1].startswith("supported  faithful  order")
    assert "not the claims that the run was made with" not in same.output
    path = folder / "strict.toml"
    path.write_text("schema = 1\n" + CLAIM.format(name="strict", limit=0.9, margin=0.05))
    other = call("judge", runs["faithful"], "--claims", path)
    assert other.exit_code == 1
    assert other.output.splitlines()[1].startswith("refuted  faithful  strict")
    assert "not the claims that the run was made with" in other.output


def test_decisions_are_written_only_where_asked(call, runs, claims, folder):
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert call("judge", runs["faithful"], "--claims", claims).exit_code == 0
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    out = folder / "again.json"
    assert call("judge", runs["faithful"], "--claims", claims, "--out", out).exit_code == 0
    assert read_run(out) == read_run(runs["faithful"] / "run.json")


def test_an_inconclusive_claim_fails_unless_it_is_asked_to_warn(call, runs, folder):
    path = folder / "close.toml"
    path.write_text("schema = 1\n" + CLAIM.format(name="close", limit=0.43, margin=0.05))
    arguments = ("judge", runs["faithful"], "--claims", path)
    assert call(*arguments).exit_code == 1
    assert call(*arguments, "--inconclusive", "warn").exit_code == 0


@pytest.mark.parametrize("command", ["judge", "compare"])
def test_what_cannot_be_used_has_the_status_of_a_usage_error_of_pytest(
    call, claims, tmp_path, command
):
    options = {"judge": (tmp_path, "--claims", claims), "compare": (tmp_path, tmp_path)}
    done = call(command, *options[command])
    assert done.exit_code == pytest.ExitCode.USAGE_ERROR
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


def test_an_error_of_the_tool_has_the_status_of_an_internal_error_of_pytest(
    call, runs, monkeypatch
):
    # Values that nothing explains: as if a second measurement had come out otherwise.
    monkeypatch.setattr("attnaudit.runs.same_weights.largest_gap", lambda *_: 0.5)
    done = call("compare", runs["faithful"], runs["faithful"])
    assert done.exit_code == pytest.ExitCode.INTERNAL_ERROR
    assert "error of the tool" in done.stderr


def test_neither_command_imports_torch(runs, claims):
    for arguments in (
        ["judge", str(runs["faithful"]), "--claims", str(claims)],
        ["compare", str(runs["faithful"]), str(runs["faithful"])],
    ):
        code = (
            "import sys; from attnaudit.cli import app\n"
            "try: app(sys.argv[1:])\n"
            "except SystemExit as end: sys.exit(end.code or 'torch' in sys.modules)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], check=False, capture_output=True
        )
        assert done.returncode == 0, done.stderr
