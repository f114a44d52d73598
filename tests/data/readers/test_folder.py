import pytest

from attnaudit.data.readers.folder import sources
from attnaudit.data.readers.registry import READERS
from attnaudit.errors import DataError


def found(path, reader=None):
    return [
        (source.path.name, source.reader.name, source.split)
        for source in sources(path, reader=reader)
    ]


def test_files_named_for_splits_are_read_in_their_order_and_nothing_else_is(write, tmp_path):
    for name in ("test.csv", "train.csv.gz", "validation.csv", "extra.csv", "notes.md"):
        write(name, "text\na\n")
    assert found(tmp_path) == [
        ("train.csv.gz", "csv", "train"),
        ("validation.csv", "csv", "dev"),
        ("test.csv", "csv", "test"),
    ]


def test_without_such_names_every_readable_file_is_read_by_name(write, tmp_path):
    for name in ("part-2.jsonl", "part-1.jsonl", "README.md", "deeper/part-3.jsonl"):
        write(name, "{}")
    assert found(tmp_path) == [("part-1.jsonl", "jsonl", None), ("part-2.jsonl", "jsonl", None)]


def test_a_named_reader_takes_only_its_own_files(write, tmp_path):
    for name in ("train.txt", "test.txt", "train.csv"):
        write(name, "")
    assert found(tmp_path, READERS["sst"]) == [
        ("train.txt", "sst", "train"),
        ("test.txt", "sst", "test"),
    ]
    assert found(tmp_path, READERS["ag-news"]) == [("train.csv", "ag-news", "train")]


def test_a_reader_that_reads_folders_itself_is_given_the_folder(write, tmp_path):
    write("train/pos/0_9.txt", "")
    assert found(tmp_path, READERS["imdb"]) == [(tmp_path.name, "imdb", None)]


def test_a_named_reader_takes_a_single_file_of_any_name(write):
    assert found(write("data.bin", ""), READERS["csv"]) == [("data.bin", "csv", None)]


def test_a_single_file_named_for_a_split_has_no_split_from_its_name(write):
    assert found(write("test.csv", "")) == [("test.csv", "csv", None)]


def test_two_formats_in_one_folder_are_not_mixed(write, tmp_path):
    write("train.csv", "")
    write("test.jsonl", "")
    with pytest.raises(DataError, match=r"several formats \(csv, jsonl\)"):
        sources(tmp_path, reader=None)


@pytest.mark.parametrize(
    "names", [("train.csv", "train.csv.gz"), ("val.csv", "dev.csv"), ("a.csv", "a.csv.gz")]
)
def test_two_files_of_one_name_are_not_read_twice(write, tmp_path, names):
    for name in names:
        write(name, "")
    with pytest.raises(DataError, match="more than once"):
        sources(tmp_path, reader=None)


def test_a_folder_without_readable_files_says_what_it_holds(write, tmp_path):
    write("notes.md", "")
    with pytest.raises(DataError, match=r"has no file that a reader reads; it holds notes\.md"):
        sources(tmp_path, reader=None)
    with pytest.raises(DataError, match="has no file that sst reads"):
        sources(tmp_path, reader=READERS["sst"])


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match="it holds nothing"):
        sources(tmp_path, reader=None)
