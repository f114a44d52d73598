import hashlib
from dataclasses import replace

import pytest

from attnaudit.data import documents_digest
from attnaudit.data.digest import document_line
from attnaudit.records import Document

DOCUMENT = Document(
    id="a",
    text="t",
    tokens=("t",),
    label="x",
    text2="u",
    rationale=((0, 1),),
    split="test",
)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "b"),
        ("text", "T"),
        ("tokens", ("t", "t")),
        ("label", None),
        ("text2", "v"),
        ("rationale", ((0, 2),)),
        ("split", "dev"),
    ],
)
def test_every_field_counts(field, value):
    assert documents_digest([DOCUMENT]) != documents_digest([replace(DOCUMENT, **{field: value})])


def test_order_counts():
    other = Document(id="b", text="t")
    assert documents_digest([DOCUMENT, other]) != documents_digest([other, DOCUMENT])


def test_an_absent_field_differs_from_an_empty_one():
    empty = Document(id="a", text="t", label="")
    assert documents_digest([empty]) != documents_digest([Document(id="a", text="t")])


def test_the_digest_is_that_of_the_lines():
    assert document_line(DOCUMENT) == (
        b'{"id": "a", "text": "t", "tokens": ["t"], "label": "x", "text2": "u", '
        b'"rationale": [[0, 1]], "split": "test"}\n'
    )
    lines = document_line(DOCUMENT) * 2
    assert documents_digest([DOCUMENT, DOCUMENT]) == hashlib.sha256(lines).hexdigest()
