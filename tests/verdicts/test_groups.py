import pytest

from attnaudit.errors import InternalError, InvalidArgumentError
from attnaudit.verdicts import length_group
from attnaudit.verdicts.groups import find_groups


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


def test_only_a_named_group_can_be_too_small(agreement, measured):
    claim = agreement(by=["predicted"])
    groups = find_groups(claim, measured(claim, [0.5], groups={"predicted": ["a"]}))

    assert [group.too_small for group in groups] == [False, True]


def test_a_grouping_that_was_not_stored_is_named(agreement, measured):
    claim = agreement(by=["label"])

    with pytest.raises(InvalidArgumentError, match=r"by label, but .* only the groupings \[\]"):
        find_groups(claim, measured(claim, [0.5]))


def test_a_grouping_that_does_not_fit_the_documents_is_a_contradiction(agreement, measured):
    claim = agreement(by=["label"])

    with pytest.raises(InternalError, match="2 entries for 1 documents"):
        find_groups(claim, measured(claim, [0.5], groups={"label": ["a", "b"]}))
