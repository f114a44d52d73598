from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from attnaudit.records import DocumentRow
from attnaudit.store.directory import create_run_directory
from attnaudit.store.first import first_parts
from attnaudit.store.how_read import SpecialMass, how_read


def row(name, **changes):
    fields = {"tokens": None, "label": None, "predicted": "yes", "probabilities": (0.5, 0.5)}
    return DocumentRow(id=name, **(fields | {"attention": (1.0,), "length": 1} | changes))


@pytest.fixture
def documents(tmp_path):
    return create_run_directory(tmp_path).documents("k" * 64)


def write(documents, *parts):
    for index, rows in enumerate(parts):
        documents.write(index, rows, model="m", site="s")


def test_all_parts_count_together(documents):
    write(
        documents,
        [row("a", truncated=True, special_mass=0.5), row("b", skipped="it has no token")],
        [row("c", truncated=True, special_mass=0.25), row("d", special_mass=0.75)],
    )
    read = how_read(documents)
    assert (read.n, read.truncated) == (4, 2)
    assert read.skipped == {"b": "it has no token"}
    assert read.special_mass == SpecialMass(mean=0.5, least=0.25, most=0.75)


def test_a_document_of_several_outputs_counts_once(documents):
    several = [row("a", truncated=True, special_mass=mass) for mass in (0.25, 0.75)]
    write(documents, [*several, row("b", special_mass=0.0)], [row("c")])
    read = how_read(documents)
    assert (read.n, read.truncated) == (3, 1)
    assert read.special_mass == SpecialMass(mean=0.25, least=0.0, most=0.5)


def test_no_words_are_read_to_count_documents(documents, monkeypatch):
    asked = []
    read = pq.read_table
    monkeypatch.setattr(
        pq, "read_table", lambda *path, **how: asked.append(how["columns"]) or read(*path, **how)
    )
    write(documents, [row("a", tokens=("film",))])
    assert how_read(documents).n == 1
    assert asked == [["id", "skipped", "truncated", "special_mass"]]


def test_of_the_first_parts_nothing_is_told_of_the_others(documents):
    write(documents, [row("a", special_mass=0.5)], [row("b", truncated=True, special_mass=0.75)])
    read = how_read(first_parts(documents, 1))
    assert (read.n, read.truncated) == (1, 0)
    assert read.special_mass == SpecialMass(mean=0.5, least=0.5, most=0.5)


def test_a_model_that_attends_to_words_alone_has_no_special_mass(documents):
    write(documents, [row("a"), row("b")])
    assert how_read(documents).special_mass is None
    assert how_read(documents).truncated == 0


def test_documents_stored_before_it_was_told_say_neither(documents):
    names = {"truncated", "special_mass"}
    older = pa.schema([field for field in documents.schema if field.name not in names])
    write(replace(documents, schema=older), [row("a", truncated=True, special_mass=0.5)])
    read = how_read(documents)
    assert (read.n, read.truncated, read.special_mass) == (1, None, None)


def test_no_documents_are_none_that_were_cut(documents):
    read = how_read(documents)
    assert (read.n, read.skipped, read.truncated, read.special_mass) == (0, {}, 0, None)
