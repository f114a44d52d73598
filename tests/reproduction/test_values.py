"""Stored tables read back in the order of the documents, whatever is missing."""

import math

import numpy as np
import pytest

from attnaudit.errors import InternalError
from attnaudit.measurements.rows import exact_row
from attnaudit.records import DocumentRow
from attnaudit.reproduction.values import read_values
from attnaudit.store.directory import RunDirectory


def described(name, *, skipped=None):
    whole = skipped is None
    return DocumentRow(
        id=name,
        tokens=None,
        label="1",
        predicted="0" if whole else None,
        probabilities=(0.7, 0.3) if whole else None,
        attention=(0.25, 0.75) if whole else None,
        length=2 if whole else 0,
        skipped=skipped,
    )


@pytest.fixture
def read(tmp_path):
    def read(documents, **tables):
        directory = RunDirectory(tmp_path)
        stored = directory.documents("d" * 64)
        stored.write(0, documents, model="m", site="attention")
        found = {}
        for number, (name, rows) in enumerate(tables.items()):
            found[name] = directory.measurement(f"{number}" * 64)
            found[name].write(0, rows)
        return read_values(stored, found, classes=("0", "1"))

    return read


def test_a_table_of_a_sample_leaves_the_other_documents_open(read):
    values = read(
        [described("a"), described("b"), described("c")],
        exact=[exact_row(("c", 0), "divergence", 0.5), exact_row(("a", 0), "divergence", 0.25)],
    )
    np.testing.assert_array_equal(values.values["exact"], [0.25, math.nan, 0.5])
    assert values.causes["exact"] == (None, None, None)
    assert values.largest.tolist() == [0.75] * 3
    assert values.confidence.tolist() == [0.7] * 3


def test_skipped_documents_are_no_documents_and_causes_are_kept(read):
    values = read(
        [described("a"), described("b", skipped="no token"), described("c")],
        permutation=[
            exact_row(("a", 0), "tvd", 0.0, undefined="one token"),
            exact_row(("c", 0), "tvd", 0.1),
            exact_row(("c", 0), "another quantity", 9.0),
        ],
    )
    assert values.documents == ("a", "c")
    np.testing.assert_array_equal(values.values["permutation"], [math.nan, 0.1])
    assert values.causes["permutation"] == ("one token", None)


def test_a_value_of_an_unknown_document_is_an_error(read):
    with pytest.raises(InternalError, match="a stored value of permutation is of document 'x'"):
        read([described("a")], permutation=[exact_row(("x", 0), "tvd", 0.1)])
