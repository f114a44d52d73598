import pytest

from attnaudit.records import ValueRow
from attnaudit.store.directory import create_run_directory
from attnaudit.store.first import Look, first_parts, looks_entry, looks_of


@pytest.fixture
def parts(tmp_path):
    parts = create_run_directory(tmp_path).measurement("k" * 64)
    for index in range(3):
        row = ValueRow(document=f"d{index}", quantity="tvd", value=0.0, lower=0.0, upper=0.0)
        parts.write(index, [row])
    return parts


def ids(parts):
    return [one for table in parts.tables() for one in table["document"].to_pylist()]


def test_only_the_first_parts_are_seen(parts):
    assert ids(first_parts(parts, 2)) == ["d0", "d1"]
    assert ids(first_parts(parts, 9)) == ids(first_parts(parts, None)) == ["d0", "d1", "d2"]


def test_a_marker_gives_back_the_looks_that_it_was_given(parts):
    looks = (Look(drawn=50, parts=1), Look(drawn=1_200, parts=3))
    parts.finish({"audit": "permutation", **looks_entry(looks)})
    assert looks_of(parts.finished()) == looks


def test_a_table_made_in_one_go_had_no_looks(parts):
    parts.finish({"audit": "permutation"})
    assert looks_of(parts.finished()) == ()
