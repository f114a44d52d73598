import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from attnaudit.data.readers import parquet
from attnaudit.data.readers.parquet import read_parquet
from attnaudit.errors import DataError


def test_rows_come_in_order_over_batches_with_their_types(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "_ROWS_AT_A_TIME", 2)
    path = tmp_path / "a.parquet"
    table = {"text": ["a", None, "c"], "label": [1, 0, None], "tokens": [["a"], [], ["c", "d"]]}
    pq.write_table(pa.table(table), path)
    rows = list(read_parquet(path))
    assert [dict(row.values) for row in rows] == [
        {"text": "a", "label": 1, "tokens": ["a"]},
        {"text": None, "label": 0, "tokens": []},
        {"text": "c", "label": None, "tokens": ["c", "d"]},
    ]
    assert [row.where for row in rows] == ["row 1", "row 2", "row 3"]


def test_words_stored_as_categories_are_words(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"label": pa.array(["x", "y", "x"]).dictionary_encode()}), path)
    assert [row.values["label"] for row in read_parquet(path)] == ["x", "y", "x"]


def test_a_packed_table_reads_like_the_plain_one(tmp_path, write):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a", "b"]}), path)
    packed = write("b.parquet.gz", path.read_bytes())
    assert list(read_parquet(packed)) == list(read_parquet(path))


def test_a_file_that_is_no_table_is_refused(write):
    with pytest.raises(DataError, match=r"a\.parquet is not a whole Parquet file"):
        list(read_parquet(write("a.parquet", "text,label\ngood,1\n")))


def test_a_table_that_is_cut_off_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a", "b"]}), path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="is not a whole Parquet file"):
        list(read_parquet(path))
