"""Texts of the command line that name a task each."""

import pytest

from attnaudit.errors import UsageError
from attnaudit.reproduction.options import parse_data, parse_seeds


def test_a_number_alone_is_for_every_task():
    assert parse_seeds("2", ["sst", "snli"]) == {"sst": 2, "snli": 2}


@pytest.mark.parametrize("text", ["1, sst=3", "sst=3,1"])
def test_a_number_of_a_task_wins_wherever_it_stands(text):
    assert parse_seeds(text, ["sst", "snli"]) == {"sst": 3, "snli": 1}


def test_a_task_without_any_number_is_left_open():
    assert parse_seeds("sst=3", ["sst", "snli"]) == {"sst": 3}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,2", "gives all tasks a number twice"),
        ("sst=1,sst=1", "gives sst a number twice"),
        ("1,imdb=3", "names 'imdb', which is not among --tasks sst,snli"),
        ("=3", "names '', which is not among"),
    ],
)
def test_seeds_that_say_something_twice_or_for_nobody_are_refused(text, message):
    with pytest.raises(UsageError, match=message):
        parse_seeds(text, ["sst", "snli"])


@pytest.mark.parametrize("text", ["", "sst", "sst=", "1;2", "-1", "sst=x"])
def test_seeds_in_another_form_are_refused(text):
    with pytest.raises(UsageError, match="write N, or N,TASK=N"):
        parse_seeds(text, ["sst"])


def test_a_source_may_name_its_reader():
    assert parse_data(["snli=jsonl:a=b.jsonl", "sst=x.csv"]) == {
        "snli": "jsonl:a=b.jsonl",
        "sst": "x.csv",
    }


@pytest.mark.parametrize("pairs", [["sst"], ["sst="], ["sst=a", "sst=b"]])
def test_sources_in_another_form_are_refused(pairs):
    with pytest.raises(UsageError, match="each task once"):
        parse_data(pairs)
