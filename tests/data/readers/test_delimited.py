import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.data.readers.delimited import read_csv, read_tsv, read_unquoted_tsv, records
from attnaudit.errors import DataError

READERS = {",": read_csv, "\t": read_tsv}
CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\0") | st.sampled_from('",\t\n '), max_size=9
)


@settings(max_examples=60, deadline=None)
@given(
    table=st.lists(st.lists(CELLS, min_size=2, max_size=2).filter(any), max_size=5),
    delimiter=st.sampled_from([",", "\t"]),
)
def test_every_table_that_is_written_is_read_back(tmp_path_factory, table, delimiter):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([["a", "b"], *table])
    path = tmp_path_factory.mktemp("tables") / "table"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    rows = list(READERS[delimiter](path))
    assert [[row.values["a"] or "", row.values["b"] or ""] for row in rows] == table
    assert [row.number for row in rows] == list(range(1, len(table) + 1))


def test_rows_know_the_line_on_which_they_begin(write):
    path = write("a.csv", 'text,label\n"two\nlines",1\n\nnext,0\n')
    assert [(row.number, row.where) for row in read_csv(path)] == [(1, "line 2"), (2, "line 5")]


def test_a_blank_cell_is_none(write):
    (row,) = read_csv(write("a.csv", 'text,label,split\ngood,,""\n'))
    assert row.values == {"text": "good", "label": None, "split": None}


def test_a_cell_may_be_longer_than_the_default_limit_of_the_csv_module(write):
    long = "word " * 50_000
    (row,) = read_csv(write("a.csv", f"text\n{long}\n"))
    assert row.values["text"] == long


def test_a_quote_that_swallows_the_file_names_the_line_where_it_opens(write):
    path = write("a.csv", 'text,label\ngood,1\n"never closed,0\n' + "more,1\n" * 9)
    with pytest.raises(DataError, match=r"begins on line 3 cannot be read .*a cell that is not"):
        list(read_csv(path))


def test_a_quote_that_swallows_rows_up_to_another_quoted_cell_is_refused(write):
    path = write("a.csv", 'text,label\n"stray,0\nmore,1\n"a, b",1\n')
    with pytest.raises(DataError, match="begins on line 2"):
        list(read_csv(path))


@pytest.mark.parametrize("row", ["good", "good,1,extra", "good,well,1"])
def test_a_row_with_another_number_of_cells_is_refused(write, row):
    path = write("a.csv", f"text,label\nfine,0\n{row}\n")
    with pytest.raises(DataError, match=r"line 3 has \d cells, but the header has 2 \(text, label"):
        list(read_csv(path))


def test_a_column_that_stands_twice_is_refused(write):
    with pytest.raises(DataError, match="line 1 names the column 'text' more than once"):
        list(read_csv(write("a.csv", "text,label,text\na,1,b\n")))


def test_an_unquoted_table_keeps_its_quotes(write):
    path = write("a.tsv", 'text\tlabel\n"Great" film\t1\n"half\t0\n')
    rows = list(read_unquoted_tsv(path))
    assert [row.values["text"] for row in rows] == ['"Great" film', '"half']


def test_a_stray_quote_in_a_tsv_points_to_the_unquoted_reader(write):
    path = write("a.tsv", 'text\tlabel\n"Great" film\t1\n')
    with pytest.raises(DataError, match="tsv-unquoted:PATH"):
        list(read_tsv(path))


def test_old_line_ends_are_refused(write):
    with pytest.raises(DataError, match="cannot be read"):
        list(records(write("a.csv", "text,label\rgood,1\r"), delimiter=",", quoted=True))


def test_an_empty_file_has_no_rows(write):
    assert list(read_csv(write("a.csv", ""))) == []
