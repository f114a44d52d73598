import json
import shutil
import subprocess
import sys

import pytest


@pytest.fixture(scope="session")
def swept(report, tmp_path_factory):
    """A run at four heads, two of each of two layers."""
    path = tmp_path_factory.mktemp("swept") / "run"
    shutil.copytree(report, path)
    run = json.loads((path / "run.json").read_text())
    sites = [f"layer.{layer}.head.{head}" for layer in range(2) for head in range(2)]
    run["claims"] = [row | {"site": site} for site in sites for row in run["claims"]]
    (path / "run.json").write_text(json.dumps(run))
    return path


def test_every_map_of_a_run_is_printed(call, swept):
    done = call("heat-map", swept)
    assert done.exit_code == 0, done.output
    titles = [line for line in done.output.splitlines() if ": claimed" in line]
    assert [title.split()[0] for title in titles] == ["far", "order"]
    assert done.output.count("head 1") == 2


def test_one_claim_is_drawn_into_a_file(call, swept, tmp_path):
    out = tmp_path / "far.svg"
    done = call("heat-map", swept, "--claim", "far", "--model", "news", "--out", out)
    assert done.output.strip() == str(out)
    text = out.read_text()
    assert text.startswith("<svg ")
    assert "far of news" in text


def test_a_file_holds_one_map_and_the_others_are_named(call, swept, tmp_path):
    done = call("heat-map", swept, "--out", tmp_path / "all.svg")
    assert done.exit_code == 2
    assert "--out holds one heat map" in done.stderr
    assert "order of news" in done.stderr
    assert not (tmp_path / "all.svg").exists()


def test_a_map_in_which_every_position_asks_is_told_from_the_other(call, swept, tmp_path):
    run = json.loads((swept / "run.json").read_text())
    run["claims"] += [row | {"site": f"{row['site']}.every"} for row in run["claims"]]
    (tmp_path / "run.json").write_text(json.dumps(run))
    given = ("heat-map", tmp_path, "--claim", "far", "--out", tmp_path / "far.svg")
    both = call(*given)
    assert both.exit_code == 2
    assert "--every or --no-every: far of news" in both.stderr
    for option, says in (("--every", True), ("--no-every", False)):
        assert call(*given, option).exit_code == 0
        assert ("every position asking" in (tmp_path / "far.svg").read_text()) == says
    none = call("heat-map", swept, "--every")
    assert none.exit_code == 2
    assert "far of news" in none.stderr


@pytest.mark.parametrize("option", ["--claim", "--model"])
def test_an_unknown_name_is_refused_with_the_known_ones(call, swept, option):
    done = call("heat-map", swept, option, "nothing")
    assert done.exit_code == 2
    assert "far of news" in done.stderr


def test_a_run_without_a_map_says_how_to_get_one(call, report):
    done = call("heat-map", report)
    assert done.exit_code == 2
    assert "--attn-site 'layer.*.head.*'" in done.stderr


def test_a_file_that_cannot_be_written_is_a_usage_error(call, swept, tmp_path):
    done = call("heat-map", swept, "--claim", "far", "--out", tmp_path / "none" / "far.svg")
    assert done.exit_code == 2
    assert "far.svg cannot be written" in done.stderr


def test_neither_printing_nor_drawing_imports_torch(swept, tmp_path):
    for more in ([], ["--claim", "far", "--out", str(tmp_path / "far.svg")]):
        code = (
            "import sys; from attnaudit.cli import app\n"
            "try: app(sys.argv[1:])\n"
            "except SystemExit as end: assert not end.code\n"
            "sys.exit('torch' in sys.modules)"
        )
        command = [sys.executable, "-c", code, "heat-map", str(swept), *more]
        assert subprocess.run(command, check=False, capture_output=True).returncode == 0
