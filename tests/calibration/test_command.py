"""attnaudit calibrate, as it is typed."""

import re

import pytest
from typer.testing import CliRunner

import attnaudit
from attnaudit.cli import app
from attnaudit.models.planted import faithful_model


def calibrate(*arguments):
    return CliRunner().invoke(app, ["calibrate", *map(str, arguments)])


SMALL = ("--replicates", 40, "--documents", 60, "--processes", 1)


def test_the_tables_are_printed_and_written(tmp_path):
    out = tmp_path / "tables.md"
    result = calibrate("--construction", "blind", *SMALL, "--out", out)
    assert result.exit_code == 0, result.output
    assert "## Each claim by itself" in result.stdout
    assert out.read_text("utf-8") == result.stdout
    assert "done: blind" in result.stderr


def test_a_seed_gives_the_same_tables_again():
    first, again = (calibrate("--construction", "faithful", *SMALL).stdout for _ in range(2))
    assert first == again


def test_a_failed_demand_is_the_exit_status(monkeypatch):
    monkeypatch.setattr("attnaudit.calibration.cells.MOST_INCONCLUSIVE", -0.1)
    result = calibrate("--construction", "blind", *SMALL)
    assert result.exit_code == 1
    assert "* FAILED" in result.stdout


def test_one_replicate_can_prove_nothing_and_does_not_pass():
    result = calibrate("--construction", "blind", *SMALL, "--replicates", 1)
    assert result.exit_code == 1
    assert "error rates could not fail, whatever they are: 1 replicates are too few" in (
        result.stdout
    )


def test_where_nothing_was_predicted_the_status_says_so(tmp_path, planted_documents, monkeypatch):
    attnaudit.audit(faithful_model(), planted_documents[:40], report=tmp_path / "run")
    monkeypatch.setattr("attnaudit.calibration.predictions_of", lambda *_, **__: [])
    result = calibrate("--run", tmp_path / "run", "--draws", 2)
    assert result.exit_code == 1
    assert result.stdout.rstrip().endswith("so nothing was predicted: failed")


def test_predictions_are_made_from_a_stored_run(tmp_path, planted_documents):
    attnaudit.audit(faithful_model(), planted_documents[:40], report=tmp_path / "run")
    result = calibrate("--run", tmp_path / "run", "--draws", 2)
    rows = re.findall(r"^\| model \|.*$", result.stdout, flags=re.MULTILINE)
    assert len(rows) > 5, result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--construction", "perfect"), "no construction is called"),
        (("--documents", 3), "must be even"),
        (("--run", "missing", "--draws", 1), "run.json"),
        (("--run", "missing", "--draws", 0), "--draws must be at least 1"),
        (("--run", "missing", "--replicates", 40), "--replicates has no effect with --run"),
        (("--run", "missing", "--documents", 60), "--documents has no effect with --run"),
        (("--run", "missing", "--construction", "blind"), "--construction has no effect with"),
        (("--run", "missing", "--processes", 1), "--processes has no effect with --run"),
        (("--draws", 5), "--draws has no effect without --run"),
        (("--out", "missing/folder/tables.md"), "not a file in a folder that exists"),
    ],
)
def test_what_cannot_be_done_is_said_at_once(arguments, message):
    result = calibrate(*arguments)
    assert result.exit_code == 4
    assert message in " ".join(result.stderr.split())
