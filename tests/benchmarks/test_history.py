"""What is kept of benchmark results for the chart of the ratio."""

import json

import pytest
from history import append, commit_and_date, point
from store import measured_commit

COMMIT = "0123456789" * 4


def result(device="cpu", **ratios):
    return {
        "date": "2026-01-02",
        "machine": {"processor": "Some (R) CPU", "cores": 4, "device": device, "torch": "2"},
        "benchmarks": [
            {"name": f"test_{name}", "median_seconds": 1.0, "extra_info": {"ratio": ratio}}
            for name, ratio in ratios.items()
        ]
        + [{"name": "test_memory", "median_seconds": 1.0, "extra_info": {"documents": 3}}],
    }


def test_ratios_are_kept_and_nothing_that_depends_on_how_fast_the_machine_is():
    kept = point(result(exact_solver=12.5, kendall=3.0), commit=COMMIT, committed="2026-01-02T03")
    assert kept["ratios"] == {"exact_solver": 12.5, "kendall": 3.0}
    assert kept["machine"] == {"processor": "Some (R) CPU", "cores": 4, "device": "cpu"}
    assert "seconds" not in json.dumps(kept)


def test_a_result_without_a_ratio_is_refused():
    with pytest.raises(SystemExit, match="no ratio"):
        point(result(), commit=COMMIT, committed="2026-01-02T03")


def test_a_commit_and_machine_have_one_point_each(tmp_path):
    first = point(result(exact_solver=1.0), commit=COMMIT, committed="2026-01-02T03")
    again = point(result(exact_solver=2.0), commit=COMMIT, committed="2026-01-02T03")
    other = point(result("GPU 9", exact_solver=3.0), commit=COMMIT, committed="2026-01-02T03")
    paths = [append(one, tmp_path / "history") for one in (first, again, other)]
    assert [path.name for path in paths] == [
        "2026-01-02-0123456-some-r-cpu.json",
        "2026-01-02-0123456-some-r-cpu.json",
        "2026-01-02-0123456-gpu-9.json",
    ]
    assert json.loads(paths[1].read_text("utf-8")) == again
    assert json.loads(paths[2].read_text("utf-8")) == other


def test_a_commit_that_git_does_not_know_is_named():
    with pytest.raises(SystemExit, match="'no-such-commit'"):
        commit_and_date("no-such-commit")


def test_only_a_clean_checkout_says_by_itself_what_was_measured():
    assert measured_commit({"commit_info": {"id": COMMIT, "dirty": False}}) == COMMIT
    for unknown in ({}, {"commit_info": {"id": COMMIT, "dirty": True}}):
        with pytest.raises(SystemExit, match="--commit"):
            measured_commit(unknown)
