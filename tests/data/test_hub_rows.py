"""Rows of the hub are what was pinned, or refused by name."""

import pytest

from attnaudit.data.hub import Repository
from attnaudit.data.hub_rows import HubRow, hub_rows
from attnaudit.errors import DataError

pytestmark = pytest.mark.usefixtures("without_network")

CLASSES = ("yes", "no", "perhaps")
GOOD = [{"text": "one", "label": 1}, {"text": "two", "label": 0}, {"text": "three", "label": 2}]


def repository(**changes):
    fields = {
        "name": "owner/name",
        "revision": "0" * 40,
        "configuration": "plain_text",
        "classes": CLASSES,
        "rows": {"train": 3},
    }
    return Repository(**fields | changes)


@pytest.fixture
def rows_of(cache):
    return lambda **changes: list(hub_rows(repository(**changes), shelf=cache / "hub"))


def test_numbers_become_the_names_that_the_card_gives_them(lay, rows_of):
    lay("owner/name", {"train": GOOD}, classes=CLASSES)
    assert rows_of() == [
        HubRow("train", 1, "one", None, "no"),
        HubRow("train", 2, "two", None, "yes"),
        HubRow("train", 3, "three", None, "perhaps"),
    ]


def test_numbers_without_names_have_the_pinned_order(lay, rows_of):
    lay("owner/name", {"train": GOOD})
    assert [row.label for row in rows_of()] == ["no", "yes", "perhaps"]


def test_names_in_another_order_than_the_pinned_one_are_refused(lay, rows_of):
    lay("owner/name", {"train": GOOD}, classes=("no", "yes", "perhaps"))
    with pytest.raises(DataError, match=r"classes of train are no, yes, perhaps; expected yes, no"):
        rows_of()


def test_splits_that_are_not_asked_for_are_left_out(lay, rows_of):
    unlabelled = [{"text": "x", "label": -1}] * 2
    lay("owner/name", {"train": GOOD, "unsupervised": unlabelled}, classes=CLASSES)
    assert {row.split for row in rows_of()} == {"train"}


def test_rows_are_numbered_through_all_batches(lay, rows_of):
    count = 5000
    lay("owner/name", {"train": [{"text": str(n), "label": n % 3} for n in range(count)]})
    rows = rows_of(rows={"train": count})
    assert [(row.number, row.text) for row in rows] == [(n + 1, str(n)) for n in range(count)]


@pytest.mark.parametrize(
    ("rows", "changes", "message"),
    [
        ([*GOOD[:2], {"text": None, "label": 1}], {}, "row 3 of train has None as text; expected"),
        ([*GOOD[:2], {"text": "x", "label": None}], {}, "row 3 of train has None as label"),
        ([*GOOD[:2], {"text": "x", "label": 3}], {}, "has 3 as label; expected one of 0: yes, 1"),
        ([*GOOD[:2], {"text": "x", "label": -1}], {}, "row 3 of train has -1 as label"),
        (
            [*GOOD[:2], {"text": "x", "label": -2}],
            {"unlabelled": -1},
            "2: perhaps, or -1 for none",
        ),
        ([{"text": "x", "label": 0.5}] * 3, {}, "row 1 of train has 0.5 as label"),
        ([{"text": "x", "label": "maybe"}] * 3, {}, "has 'maybe' as label"),
        ([{"text": 7, "label": 1}] * 3, {}, "row 1 of train has 7 as text; expected a text"),
        (GOOD[:2], {}, "train has 2 rows; expected 3"),
        ([{"sentence": "x", "label": 1}] * 3, {}, "columns of train are 'sentence', 'label'; exp"),
        (GOOD, {"text2": "hypothesis"}, "columns of train are 'text', 'label'; expected 'hypoth"),
        (GOOD, {"rows": {"test": 3}}, "its splits are train; expected one called test"),
    ],
)
def test_what_is_not_as_pinned_is_named_with_what_was_expected(
    lay, rows_of, rows, changes, message
):
    lay("owner/name", {"train": rows})
    with pytest.raises(DataError, match="owner/name is not the data set that was pinned") as caught:
        rows_of(**changes)
    assert message in str(caught.value)
    assert "Fetch commit 0000000000" in str(caught.value)


def test_a_row_that_nobody_could_label_is_told_apart_from_an_unknown_label(lay, rows_of):
    lay("owner/name", {"train": [*GOOD[:2], {"text": "x", "label": -1}]}, classes=CLASSES)
    assert [row.label for row in rows_of(unlabelled=-1)] == ["no", "yes", None]
