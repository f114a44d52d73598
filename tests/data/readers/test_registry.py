from pathlib import Path

import pytest

from attnaudit.data.readers.registry import READERS, reader_for, stem_and_extension
from attnaudit.errors import DataError


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("a.csv", "csv"),
        ("a.b.CSV.gz", "csv"),
        ("a.tsv", "tsv"),
        ("a.jsonl.gz", "jsonl"),
        ("a.ndjson", "jsonl"),
        ("a.parquet", "parquet"),
        ("train.txt.gz", "sst"),
    ],
)
def test_the_extension_chooses_the_reader(name, reader):
    assert reader_for(Path(name)) is READERS[reader]


@pytest.mark.parametrize("name", ["a.xlsx", "a", "a.gz", "csv", ".csv", "a.csv.zip", "a.json"])
def test_an_unknown_extension_is_refused_with_the_known_ones(name):
    with pytest.raises(DataError, match=r"no reader claims \(known: \.csv, \.jsonl, .*\.tsv"):
        reader_for(Path(name))


def test_every_reader_is_listed_under_its_own_name():
    assert all(reader.name == name for name, reader in READERS.items())


def test_the_stem_keeps_inner_dots():
    assert stem_and_extension(Path("x/snli_1.0_dev.jsonl.gz")) == ("snli_1.0_dev", "jsonl")
