"""Documents are held against published numbers only if they are as many as the published ones."""

from pathlib import Path

import pytest

from attnaudit.reproduction.comparable import is_comparable, why_not_comparable
from attnaudit.reproduction.documents import Prepared
from attnaudit.reproduction.tasks import named_task


def prepared(counts, source="own.csv"):
    return Prepared(
        path=Path("x.jsonl"), tokenizer="spacy", source=source, counts=counts, left_out={}
    )


@pytest.mark.parametrize(
    ("task", "tests", "expected"),
    [
        ("sst", 1725, True),
        ("sst", 1726, True),
        ("sst", 1821, False),
        ("snli", 9824, True),
        ("snli", 9842, False),
        ("20news-sports", 729, False),
        ("20news-sports", 357, True),
    ],
)
def test_the_number_of_test_documents_decides(task, tests, expected):
    assert is_comparable(named_task(task), prepared({"train": 9, "test": tests})) is expected


def test_documents_without_a_test_split_are_not_comparable():
    assert not is_comparable(named_task("agnews"), prepared({"train": 3800}))


def test_other_documents_are_said_to_be_others_by_their_number():
    said = why_not_comparable(named_task("sst"), prepared({"test": 12}))
    assert said.startswith("There are 12 test documents where the published numbers are about 1725")


def test_those_of_the_catalog_have_a_reason_of_their_own():
    task = named_task("20news-sports")
    assert why_not_comparable(task, prepared({"test": 729}, task.name)) == task.caveat
    assert why_not_comparable(task, prepared({"test": 729})) != task.caveat


def test_a_task_that_the_paper_has_not_says_so():
    task = named_task("agnews-4")
    assert not is_comparable(task, prepared({"test": 7600}))
    assert (
        why_not_comparable(task, prepared({"test": 7600})) == "Nothing is published of this task."
    )
