"""The chart of the ratio over commits, from numbers written by hand."""

import json

import pytest
from ratio_chart import COLOURS, MOST_LABELS, PANELS, drawn, lines_of, machine_name, read_points


def made_point(number, device="cpu", **ratios):
    return {
        "commit": f"{number:040d}",
        "committed": f"2026-01-{number + 1:02d}T00:00:00+00:00",
        "machine": {"processor": "CPU", "cores": 2, "device": device},
        "ratios": {f"exact_solver[{name}]": ratio for name, ratio in ratios.items()},
    }


POINTS = [
    made_point(0, sst=100.0),
    made_point(1, device="GPU", sst=900.0),
    made_point(2, sst=120.0),
    made_point(3),
]


def test_a_line_is_one_set_on_one_machine_commit_after_commit():
    assert lines_of(POINTS, "exact_solver") == {
        ("sst", "CPU, 2 cores"): [(f"{0:040d}", 100.0), (f"{2:040d}", 120.0)],
        ("sst", "GPU"): [(f"{1:040d}", 900.0)],
    }
    assert lines_of(POINTS, "encoding_solving_and_verifying") == {}


def test_points_stand_over_their_commits():
    solver, other = drawn(POINTS).axes
    lines = {line.get_label(): line.get_xydata().tolist() for line in solver.lines}
    assert lines == {
        "sst, CPU, 2 cores": [[0, 100.0], [2, 120.0]],
        "sst, GPU": [[1, 900.0]],
    }
    assert list(other.lines) == []
    assert [panel.get_title() for panel in (solver, other)] == list(PANELS.values())


def test_two_machines_differ_in_marker_and_line_and_two_sets_in_colour():
    both = dict.fromkeys(COLOURS, 10.0)
    solver, _ = drawn([made_point(0, **both), made_point(1, device="GPU", **both)]).axes
    looks = {(line.get_color(), line.get_marker(), line.get_linestyle()) for line in solver.lines}
    assert len({colour for colour, _, _ in looks}) == len(COLOURS)
    assert len({(marker, line) for _, marker, line in looks}) == 2


@pytest.mark.parametrize("count", [1, MOST_LABELS, MOST_LABELS + 1, 40])
def test_the_last_commit_is_named_and_never_too_many(count):
    solver, _ = drawn([made_point(number % 28, sst=number + 1.0) | {"commit": f"{number:040d}"}
                       for number in range(count)]).axes  # fmt: skip
    names = [label.get_text() for label in solver.get_xticklabels()]
    assert 1 <= len(names) <= MOST_LABELS
    assert max(solver.get_xticks()) == count - 1


def test_points_are_read_in_the_order_of_their_commits_whatever_their_files_are_called(tmp_path):
    for name, one in zip("cab", POINTS, strict=False):
        (tmp_path / f"{name}.json").write_text(json.dumps(one), "utf-8")
    assert read_points(tmp_path) == POINTS[:3]


def test_an_empty_history_is_said_to_be_empty(tmp_path):
    with pytest.raises(SystemExit, match="holds no points"):
        read_points(tmp_path)


def test_a_machine_is_named_by_what_computed():
    assert machine_name(POINTS[0]) == "CPU, 2 cores"
    assert machine_name(POINTS[1]) == "GPU"
