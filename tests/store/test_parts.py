from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from attnaudit.errors import InternalError, UsageError
from attnaudit.records import Bound, DocumentRow, ValueRow
from attnaudit.store.directory import RunDirectory, create_run_directory
from attnaudit.store.first import first_parts
from attnaudit.store.measured import read_measurement


def value(document, number, **changes):
    fields = {"document": document, "quantity": "tau", "value": number, "lower": number}
    return ValueRow(**(fields | {"upper": number} | changes))


def described(name, *, predicted="yes", length=3, probabilities=(0.5, 0.5)):
    return DocumentRow(
        id=name,
        tokens=("a",) * length,
        label=None,
        predicted=predicted,
        probabilities=probabilities,
        attention=(1 / length,) * length,
        length=length,
    )


@pytest.fixture
def directory(tmp_path):
    return create_run_directory(tmp_path / "run")


def test_a_part_that_was_not_finished_is_not_there(directory):
    parts = directory.measurement("k" * 64)

    def rows():
        yield value("a", 0.5)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        parts.write(0, rows())
    assert 0 not in parts
    assert list(parts.tables()) == []


def test_all_parts_are_read_in_their_order(directory):
    parts = directory.measurement("k" * 64)
    parts.write(1, [value("b", 0.2)])
    parts.write(0, [value("a", 0.1)])
    assert [table["document"].to_pylist() for table in parts.tables()] == [["a"], ["b"]]


def test_nothing_is_finished_before_it_was_said_to_be(directory):
    parts = directory.measurement("k" * 64)
    parts.write(0, [value("a", 0.1)])
    assert parts.finished() is None
    parts.finish({"seconds": 1.5})
    assert parts.finished() == {"seconds": 1.5}


def test_two_models_share_the_folder_of_documents_without_mixing(directory):
    first, second = directory.documents("1" * 64), directory.documents("2" * 64)
    first.write(0, [described("a")], model="one", site="attention")
    second.write(0, [described("b")], model="two", site="attention")
    [table] = list(second.tables())
    assert table["id"].to_pylist() == ["b"]
    assert table["model"].to_pylist() == ["two"]


def test_a_measurement_joins_values_with_what_is_known_of_their_documents(directory):
    values, documents = directory.measurement("1" * 64), directory.documents("2" * 64)
    values.write(0, [value("a", 0.1), value("a", 0.9, quantity="p-value")])
    values.write(1, [value("b", float("nan"), undefined="one token")])
    rows = [
        described("a", predicted="no", probabilities=(0.2, 0.5, 0.3)),
        described("b", length=1, probabilities=(0.05, 0.05, 0.9)),
    ]
    documents.write(0, rows, model="m", site="s")
    found = read_measurement(
        values, documents, audit="agreement", quantity="tau", bounds=(-1.0, 1.0)
    )
    assert found.documents == ("a", "b")
    assert found.value[0] == 0.1
    assert found.undefined == (None, "one token")
    assert found.lengths.tolist() == [3, 1]
    assert found.confidence.tolist() == [0.5, 0.9]
    assert found.groups["predicted"] == ("no", "yes")
    assert (found.low, found.high) == (-1.0, 1.0)


def test_the_clusters_of_documents_are_read_back(directory):
    values, documents = directory.measurement("1" * 64), directory.documents("2" * 64)
    values.write(0, [value("a", 0.1), value("b", 0.2)])
    rows = [replace(described("a"), cluster="author"), described("b")]
    documents.write(0, rows, model="m", site="s")
    found = read_measurement(values, documents, audit="x", quantity="tau", bounds=(0.0, 1.0))
    assert found.groups["cluster"] == ("author", None)


def without(schema, *names):
    """A schema of an earlier version."""
    return pa.schema([field for field in schema if field.name not in names])


def test_documents_stored_before_there_were_clusters_have_none(directory):
    values, documents = directory.measurement("1" * 64), directory.documents("2" * 64)
    values.write(0, [value("a", 0.1)])
    old = replace(documents, schema=without(documents.schema, "cluster", "text2"))
    assert "cluster" not in old.schema.names
    old.write(0, [described("a")], model="m", site="s")
    found = read_measurement(values, documents, audit="x", quantity="tau", bounds=(0.0, 1.0))
    assert found.groups["cluster"] == (None,)


def test_one_value_that_a_search_found_makes_the_measurement_a_lower_bound(directory):
    values, documents = directory.measurement("1" * 64), directory.documents("2" * 64)
    values.write(0, [value("a", 0.1), value("b", 0.1, upper=0.4, kind=Bound.LOWER)])
    documents.write(0, [described("a"), described("b")], model="m", site="s")
    found = read_measurement(values, documents, audit="x", quantity="tau", bounds=(0.0, 1.0))
    assert found.kind is Bound.LOWER
    assert found.upper.tolist() == [0.1, 0.4]


def test_values_of_unknown_documents_are_refused(directory):
    values, documents = directory.measurement("1" * 64), directory.documents("2" * 64)
    values.write(0, [value("a", 0.1)])
    documents.write(0, [described("b")], model="m", site="s")
    with pytest.raises(InternalError, match="do not match the stored documents"):
        read_measurement(values, documents, audit="x", quantity="tau", bounds=(0.0, 1.0))


def test_values_that_were_stored_without_a_newer_column_are_still_read(directory):
    parts = directory.measurement("k" * 64)
    parts.write(0, [value("a", 0.1, importance=(0.5, 0.25))])
    [path] = parts.folder.glob("*.parquet")
    [with_it] = parts.tables()
    pq.write_table(pq.read_table(path).drop_columns(["importance"]), path)
    [without] = parts.tables()
    assert with_it["importance"].to_pylist() == [[0.5, 0.25]]
    assert without["importance"].to_pylist() == [None]
    assert without["value"].to_pylist() == [0.1]


def test_only_columns_that_are_asked_for_are_read_missing_ones_included(directory):
    parts = directory.measurement("k" * 64)
    parts.write(0, [value("a", 0.1, importance=(0.5, 0.25))])
    [path] = parts.folder.glob("*.parquet")
    pq.write_table(pq.read_table(path).drop_columns(["importance"]), path)
    columns = ["value", "importance", "document"]
    for some in (parts, first_parts(parts, 1)):
        [table] = some.tables(columns)
        assert table.column_names == columns
        assert table.to_pylist() == [{"value": 0.1, "importance": None, "document": "a"}]


def test_a_report_directory_under_a_file_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        create_run_directory(tmp_path / "file" / "run")


def test_a_lock_of_one_key_does_not_hold_up_another(tmp_path):
    directory = RunDirectory(tmp_path)
    with directory.lock("1" * 64), directory.lock("2" * 64):
        assert directory.lock("1" * 64).lock_file != directory.lock("2" * 64).lock_file
