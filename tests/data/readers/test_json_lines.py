import pytest

from attnaudit.data.readers.json_lines import read_json_lines
from attnaudit.errors import DataError


def test_rows_are_objects_and_blank_lines_are_passed_over(write):
    path = write("a.jsonl", '{"text": "a\\u2028b"}\n\n{"text": "c", "label": 1}\n')
    rows = list(read_json_lines(path))
    assert [row.values for row in rows] == [{"text": "a\u2028b"}, {"text": "c", "label": 1}]
    assert [(row.number, row.where) for row in rows] == [(1, "line 1"), (2, "line 3")]


@pytest.mark.parametrize(
    "line", ['{"text": "a"', "text,label", '{"text": "a"} {"text": "b"}', "[" * 100_000]
)
def test_a_malformed_line_is_named(write, line):
    path = write("a.jsonl", f'{{"text": "good"}}\n{line}\n')
    with pytest.raises(DataError, match=r"a\.jsonl, line 2 is not JSON"):
        list(read_json_lines(path))


@pytest.mark.parametrize(("line", "kind"), [("[1]", "list"), ('"a"', "str"), ("null", "NoneType")])
def test_a_line_that_is_no_object_is_named(write, line, kind):
    with pytest.raises(DataError, match=f"line 1 is a JSON {kind}, not an object"):
        list(read_json_lines(write("a.jsonl", line)))
