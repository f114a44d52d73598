from dataclasses import replace

import numpy as np
import pytest

from attnaudit.errors import InternalError, InvalidArgumentError
from attnaudit.records import Draw
from attnaudit.verdicts import length_group
from attnaudit.verdicts.groups import (
    count_possible_groups,
    find_groups,
    find_possible_groups,
)


def test_groups_come_overall_first_then_in_the_order_asked_for_and_sorted(agreement, measured):
    claim = agreement(by=["predicted", "length"])
    measurement = measured(
        claim,
        [0.5] * 4,
        lengths=[150, 3, 40, 5],
        groups={"predicted": ["b", "a", "b", "a"]},
    )
    found = {group.name: group.index.tolist() for group in find_groups(claim, measurement)}

    assert list(found.items()) == [
        ("overall", [0, 1, 2, 3]),
        ("predicted=a", [1, 3]),
        ("predicted=b", [0, 2]),
        ("length=1-9", [1, 3]),
        ("length=30-99", [2]),
        ("length=100-299", [0]),
    ]


def test_groups_of_confidence_come_least_confident_first(agreement, measured):
    claim = agreement(by=["confidence"])
    measurement = measured(claim, [0.5] * 5, confidence=[0.999, 0.8, 0.3, 0.75, 0.97])
    found = {group.name: group.index.tolist() for group in find_groups(claim, measurement)}

    assert list(found.items()) == [
        ("overall", [0, 1, 2, 3, 4]),
        ("confidence=below 0.75", [2]),
        ("confidence=0.75-0.95", [1, 3]),
        ("confidence=0.95-0.99", [4]),
        ("confidence=0.99+", [0]),
    ]


@pytest.mark.parametrize(
    ("tokens", "name"),
    [(1, "1-9"), (9, "1-9"), (10, "10-29"), (99, "30-99"), (299, "100-299"), (300, "300+")],
)
def test_a_length_belongs_to_the_group_that_names_it(tokens, name):
    assert length_group(tokens) == name


def test_a_document_without_a_label_is_in_no_group_of_labels(agreement, measured):
    claim = agreement(by=["label"])
    measurement = measured(claim, [0.5] * 3, groups={"label": ["x", None, "x"]})
    [overall, labelled] = find_groups(claim, measurement)

    assert overall.index.tolist() == [0, 1, 2]
    assert labelled.index.tolist() == [0, 2]


def test_short_documents_are_in_no_group(agreement, measured):
    claim = agreement(by=["predicted"], min_tokens=3)
    measurement = measured(
        claim, [0.5] * 3, lengths=[2, 3, 2], groups={"predicted": ["a", "b", "a"]}
    )

    assert [group.name for group in find_groups(claim, measurement)] == ["overall", "predicted=b"]


def names(groups):
    return [group.name for group in groups]


def drawn_of(measurement, population):
    """The measurement, as of the first of so many documents."""
    draw = Draw(place=np.arange(len(measurement.documents)), drawn=10, population=population)
    return replace(measurement, draw=draw)


@pytest.mark.parametrize("grouping", ["predicted", "label"])
def test_a_class_that_was_not_drawn_yet_is_an_empty_group(agreement, measured, grouping):
    claim = agreement(by=[grouping])
    found = measured(claim, [0.5] * 10, groups={grouping: ["b"] * 10})
    found = drawn_of(replace(found, classes=("c", "a", "b")), 11)
    groups = find_possible_groups(claim, found)

    assert names(groups) == ["overall", f"{grouping}=a", f"{grouping}=b", f"{grouping}=c"]
    assert [group.index.size for group in groups] == [10, 0, 10, 0]
    assert names(find_groups(claim, found)) == ["overall", f"{grouping}=b"]


def test_when_none_is_left_to_draw_a_group_without_a_document_does_not_exist(agreement, measured):
    claim = agreement(by=["predicted", "length", "confidence"])
    found = measured(claim, [0.5] * 10, groups={"predicted": ["b"] * 10})
    found = drawn_of(replace(found, classes=("a", "b")), 10)

    assert names(find_possible_groups(claim, found)) == names(find_groups(claim, found))
    assert len(find_groups(claim, found)) == 4


def test_lengths_and_confidences_that_were_not_drawn_yet_are_open(agreement, measured):
    claim = agreement(by=["length", "confidence"], min_tokens=10)
    found = drawn_of(measured(claim, [0.5] * 10), 11)

    # All of 12 tokens and sure to 0.8; documents of 1 to 9 tokens are no part of the claim.
    assert [(one.name, one.index.size) for one in find_possible_groups(claim, found)] == [
        ("overall", 10),
        ("length=10-29", 10),
        ("length=30-99", 0),
        ("length=100-299", 0),
        ("length=300+", 0),
        ("confidence=below 0.75", 0),
        ("confidence=0.75-0.95", 10),
        ("confidence=0.95-0.99", 0),
        ("confidence=0.99+", 0),
    ]


@pytest.mark.parametrize("population", [10, 11])
def test_how_many_groups_there_can_be_does_not_depend_on_those_seen(
    agreement, measured, population
):
    claim = agreement(by=["predicted", "label", "length"])
    counts = set()
    for seen in (["a"] * 10, ["a", "b"] * 5, [*"abcabcabca"]):
        found = measured(claim, [0.5] * 10, groups={"predicted": seen, "label": [None] * 10})
        found = drawn_of(replace(found, classes=("a", "b", "c")), population)
        counts.add(count_possible_groups(claim, found))

    assert counts == {1 + 3 + 3 + 5}


def test_where_the_classes_are_not_known_those_seen_are_counted(agreement, measured):
    claim = agreement(by=["predicted", "label"])
    groups = {"predicted": ["a", "b"], "label": [None, None]}

    assert count_possible_groups(claim, measured(claim, [0.5] * 2, groups=groups)) == 1 + 2 + 1


def test_a_grouping_that_was_not_stored_is_named(agreement, measured):
    claim = agreement(by=["label"])

    with pytest.raises(InvalidArgumentError, match=r"by label, but .* only the groupings \[\]"):
        find_groups(claim, measured(claim, [0.5]))


def test_a_grouping_that_does_not_fit_the_documents_is_a_contradiction(agreement, measured):
    claim = agreement(by=["label"])

    with pytest.raises(InternalError, match="2 entries for 1 documents"):
        find_groups(claim, measured(claim, [0.5], groups={"label": ["a", "b"]}))
