"""Texts of the command line that name a task each."""

import pytest

from attnaudit.errors import UsageError
from attnaudit.reproduction.options import parse_data, parse_seeds


def test_a_number_alone_is_for_every_task_and_later_ones_win():
    assert parse_seeds("2", ["sst", "snli"]) == {"sst": 2, "snli": 2}
    assert parse_seeds("1, sst=3", ["sst", "snli"]) == {"sst": 3, "snli": 1}


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
