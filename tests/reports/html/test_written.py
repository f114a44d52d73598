"""Both files of a report; beside the page, because that is what needs a whole run directory."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from attnaudit import cli
from attnaudit.errors import UsageError
from attnaudit.reports.written import write_reports
from attnaudit.store.run import write_run


def test_both_files_lie_beside_the_run(whole_run):
    whole_run.add({"name": "a"})
    page, table = write_reports(whole_run.finish(), whole_run.directory)
    assert (page.name, table.name) == ("report.html", "report.md")
    assert page.parent == table.parent == whole_run.directory.path
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert "weights " + "w" * 64 in table.read_text(encoding="utf-8")


def test_half_a_character_does_not_keep_a_report_from_being_written(whole_run):
    whole_run.add({"name": "a"})
    page, table = write_reports(whole_run.finish(device="\ud83d"), whole_run.directory)
    assert "\\ud83d" in page.read_text(encoding="utf-8")
    assert table.exists()


def test_a_report_that_cannot_be_drawn_leaves_the_old_one(whole_run):
    whole_run.add({"name": "a"})
    run = whole_run.finish()
    page, _ = write_reports(run, whole_run.directory)
    before = page.read_bytes()
    whole_run.directory.documents(whole_run.documents_key).marker.unlink()
    with pytest.raises(UsageError):
        write_reports(run, whole_run.directory)
    assert page.read_bytes() == before


def test_the_command_renders_a_stored_run_again(whole_run):
    whole_run.add({"name": "a"})
    write_run(whole_run.directory.run_file, whole_run.finish())
    folder = whole_run.directory.path
    done = CliRunner().invoke(cli.app, ["report", str(folder)])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [str(folder / "report.html"), str(folder / "report.md")]


def test_the_command_refuses_a_folder_without_a_run(tmp_path):
    done = CliRunner().invoke(cli.app, ["report", str(tmp_path)])
    assert done.exit_code == 2
    assert "run.json cannot be read" in done.stderr


def test_rendering_imports_no_torch():
    code = "import sys, attnaudit.reports.written; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
