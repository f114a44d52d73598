import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from attnaudit.data import read_documents
from attnaudit.data.hub_entries import HUB_ENTRIES
from attnaudit.errors import DataError
from attnaudit.records import Document

RECORDS = [
    {"id": "one", "text": "a, film", "label": "1", "text2": "why?", "split": "test"},
    {"id": "two", "text": 'says "no"', "label": "0", "text2": "so", "split": "train"},
]
DOCUMENTS = tuple(Document(**record) for record in RECORDS)


def as_csv(delimiter):
    def cell(value):
        return '"' + value.replace('"', '""') + '"'

    lines = [delimiter.join(RECORDS[0])]
    lines += [delimiter.join(map(cell, record.values())) for record in RECORDS]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "name", ["a.csv", "a.csv.gz", "a.tsv", "a.tsv.gz", "a.jsonl", "a.jsonl.gz"]
)
def test_every_text_format_gives_the_same_documents(write, name):
    content = {
        "csv": as_csv(","),
        "tsv": as_csv("\t"),
        "jsonl": "".join(f"{json.dumps(record)}\n" for record in RECORDS),
    }
    assert read_documents(write(name, content[name.split(".")[1]])) == DOCUMENTS


def test_a_parquet_table_gives_the_same_documents(tmp_path):
    pq.write_table(pa.Table.from_pylist(RECORDS), tmp_path / "a.parquet")
    assert read_documents(str(tmp_path / "a.parquet")) == DOCUMENTS


def test_a_named_reader_wins_over_the_extension(write):
    path = write("a.data", as_csv(","))
    assert read_documents(f"csv:{path}") == DOCUMENTS


def test_a_colon_in_a_path_is_no_reader(write):
    assert read_documents(write("odd:name.csv", as_csv(","))) == DOCUMENTS


def test_columns_are_mapped(write):
    path = write("a.csv", "review,stars\ngood,5\n")
    (document,) = read_documents(path, columns={"text": "review", "label": "stars"})
    assert document == Document(id="a-1", text="good", label="5")


def test_a_folder_is_the_union_of_its_files(write, tmp_path):
    write("train.csv", "text,label\na,0\nb,1\n")
    write("dev.csv", "text,label\nc,0\n")
    write("test.csv.gz", "text,label\nd,\n")
    assert [(item.id, item.text, item.label, item.split) for item in read_documents(tmp_path)] == [
        ("train-1", "a", "0", "train"),
        ("train-2", "b", "1", "train"),
        ("dev-1", "c", "0", "dev"),
        ("test-1", "d", None, "test"),
    ]


def test_a_missing_file_is_named_with_its_near_misses(write, tmp_path):
    write("reviews.csv", "text\na\n")
    with pytest.raises(DataError, match=r"no data set or file '.*review\.csv'.*mean reviews\.csv"):
        read_documents(tmp_path / "review.csv")


def test_a_misspelled_data_set_is_named_with_its_near_misses():
    with pytest.raises(DataError, match="Did you mean rotten-tomatoes"):
        read_documents("rotten-tomatos")


@pytest.mark.parametrize(
    "entry",
    [entry for entry in HUB_ENTRIES if entry.name != "ag-news-world-business"],
    ids=lambda entry: entry.name,
)
def test_the_hub_s_own_name_of_a_data_set_is_answered_with_the_short_one(entry):
    with pytest.raises(DataError, match=f"Did you mean {entry.name}\\?"):
        read_documents(entry.origin.repository.name)


def test_an_unknown_reader_lists_the_known_ones(write):
    with pytest.raises(DataError, match="'arff' is no reader either; the readers are csv, tsv"):
        read_documents(f"arff:{write('a.csv', as_csv(','))}")


def test_a_missing_file_behind_a_reader_is_named(tmp_path):
    with pytest.raises(DataError, match="no data set or file 'csv:"):
        read_documents(f"csv:{tmp_path / 'nothing'}")


def test_an_unknown_extension_says_how_to_name_the_reader(write):
    with pytest.raises(DataError, match=r"Name the reader: READER:.*a\.xlsx"):
        read_documents(write("a.xlsx", "text\na\n"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", ""),
        ("a.csv", "text,label\n"),
        ("a.jsonl", "\n\n"),
        ("a.txt", "(2 (2 only) (2 neutral))\n"),
        ("ag-news-world-business:a.csv", '"2","only","sports"\n'),
        ("a.csv.gz", ""),
    ],
)
def test_a_source_without_documents_is_refused(write, name, content):
    reader, _, file = name.rpartition(":")
    path = write(file, content)
    with pytest.raises(DataError, match="has no documents"):
        read_documents(f"{reader}:{path}" if reader else path)


def test_ids_that_stand_twice_are_named(write):
    path = write("a.csv", "id,text\nx,a\ny,b\nx,c\n")
    with pytest.raises(DataError, match=r"same id to several documents: 'x'\. Ids seed"):
        read_documents(path)


def test_ids_that_stand_twice_in_different_files_are_named(write, tmp_path):
    write("train.csv", "id,text\nx,a\n")
    write("test.csv", "id,text\nx,b\n")
    with pytest.raises(DataError, match="same id to several documents: 'x'"):
        read_documents(tmp_path)
