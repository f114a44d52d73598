import pytest

from attnaudit.reports.columns import aligned


def test_cells_of_a_column_begin_below_each_other():
    lines = aligned([("outcome", "n"), ("supported", "7"), ("-", "12")])
    assert lines == ["outcome    n", "supported  7", "-          12"]


def test_no_line_ends_in_spaces():
    assert aligned([("a", "long"), ("b", "")]) == ["a  long", "b"]


def test_a_table_without_lines_has_none():
    assert aligned([]) == []


def test_a_line_that_lacks_a_cell_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        aligned([("a", "b"), ("c",)])
