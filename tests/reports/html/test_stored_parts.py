"""A run directory that lacks something or contradicts itself is never shown."""

import pytest

from attnaudit.errors import InternalError, UsageError
from attnaudit.reports.html import render_page


def test_a_missing_measurement_is_named(whole_run):
    whole_run.add({"name": "a"})
    run = whole_run.finish()
    whole_run.directory.measurement(whole_run.keys["permutation"]).marker.unlink()
    with pytest.raises(UsageError, match="lacks the measurement 'permutation' of news"):
        render_page(run, whole_run.directory)


def test_missing_documents_are_named(whole_run):
    whole_run.add({"name": "a"})
    run = whole_run.finish()
    whole_run.directory.documents(whole_run.documents_key).marker.unlink()
    with pytest.raises(UsageError, match="lacks the documents of news"):
        render_page(run, whole_run.directory)


def test_a_missing_part_of_the_documents_is_an_error(whole_run):
    whole_run.add({"name": "a"})
    whole_run.add({"name": "b"})
    run = whole_run.finish()
    sorted(whole_run.directory.documents(whole_run.documents_key).folder.glob("*.parquet"))[
        1
    ].unlink()
    with pytest.raises(UsageError, match="holds 1 of the 2 documents that news was audited on"):
        render_page(run, whole_run.directory)


def test_a_missing_part_of_a_measurement_is_an_error(whole_run):
    whole_run.add({"name": "a"})
    whole_run.add({"name": "b"})
    run = whole_run.finish()
    folder = whole_run.directory.measurement(whole_run.keys["permutation"]).folder
    (folder / "part-00001.parquet").unlink()
    with pytest.raises(InternalError, match="do not match the stored documents"):
        render_page(run, whole_run.directory)


def test_values_of_other_documents_are_an_error(whole_run):
    whole_run.add({"name": "a"})
    run = whole_run.finish()
    values = whole_run.directory.measurement(whole_run.keys["permutation"])
    others = type(whole_run)(whole_run.directory.path.parent / "others")
    others.add({"name": "b"})
    source = others.directory.measurement(others.keys["permutation"]).folder / "part-00000.parquet"
    (values.folder / "part-00000.parquet").write_bytes(source.read_bytes())
    with pytest.raises(InternalError, match="do not match the stored documents"):
        render_page(run, whole_run.directory)


def test_a_witness_of_another_length_is_an_error(page_of):
    with pytest.raises(InternalError, match="stored witness of 'a' does not match"):
        page_of({"name": "a", "witness": (1.0,)})


def test_a_class_that_the_model_does_not_have_is_an_error(page_of):
    with pytest.raises(InternalError, match="of a class that its run does not name"):
        page_of({"name": "a", "predicted": "neutral"})
