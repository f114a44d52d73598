from collections import Counter

import pytest

from attnaudit.data import read_documents
from attnaudit.data.readers.ag_news import read_ag_news, read_ag_news_world_business
from attnaudit.errors import DataError

FOUR = '"1","T","a\\b"\n"2","T","sport"\n"3","T","says ""sold"""\n"4","T","lab"\n'


def test_the_text_is_the_description_and_the_title_is_not_read(write):
    rows = list(read_ag_news(write("test.csv", FOUR)))
    assert [dict(row.values) for row in rows] == [
        {"text": "a b", "label": "World"},
        {"text": "sport", "label": "Sports"},
        {"text": 'says "sold"', "label": "Business"},
        {"text": "lab", "label": "Sci/Tech"},
    ]


def test_the_binary_task_keeps_world_and_business_under_their_row_numbers(write):
    rows = list(read_ag_news_world_business(write("test.csv", FOUR)))
    assert [(row.number, row.values["label"]) for row in rows] == [(1, "World"), (3, "Business")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('"A title and a text",3', "line 2 has 2 cells; an AG News record has 3"),
        ('"5","T","d"', "line 2 begins with '5'"),
        ('"0","T","d"', "line 2 begins with '0'"),
        ('"3","T","never closed', "begins on line 2 cannot be read"),
    ],
)
def test_a_record_in_another_format_is_named(write, line, message):
    with pytest.raises(DataError, match=message):
        list(read_ag_news(write("test.csv", f'"1","T","d"\n{line}\n')))


def test_a_class_that_does_not_exist_is_refused_by_the_binary_task_too(write):
    with pytest.raises(DataError, match="begins with '7'"):
        list(read_ag_news_world_business(write("test.csv", '"7","T","d"\n')))


def test_the_published_test_file_has_the_published_counts(published):
    path = published("ag_news/test.csv.gz")
    four = Counter(document.label for document in read_documents(f"ag-news:{path}"))
    two = Counter(document.label for document in read_documents(f"ag-news-world-business:{path}"))
    assert four == dict.fromkeys(["World", "Sports", "Business", "Sci/Tech"], 1900)
    assert two == dict.fromkeys(["World", "Business"], 1900)
