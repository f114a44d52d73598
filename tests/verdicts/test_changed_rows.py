from dataclasses import replace

import pytest

from attnaudit.verdicts.change import Change, ChangeRow
from attnaudit.verdicts.changed_rows import combine_changes, unchanged_rows, undirected_rows

ROW = ChangeRow(
    group="overall",
    change=Change.WORSE,
    old=0.5,
    new=0.25,
    low=-0.375,
    high=-0.125,
    n=200,
    moved=3,
)


@pytest.mark.parametrize(
    ("others", "together"),
    [
        ((Change.UNCHANGED,), Change.UNCHANGED),
        ((Change.UNCHANGED, Change.IMPROVED), Change.IMPROVED),
        ((Change.IMPROVED, Change.INCONCLUSIVE), Change.INCONCLUSIVE),
        ((Change.INCONCLUSIVE, Change.WORSE), Change.WORSE),
    ],
)
def test_the_worst_change_speaks_for_the_claim(others, together):
    assert combine_changes([replace(ROW, change=change) for change in others]) is together
    assert combine_changes([replace(ROW, change=change) for change in others[::-1]]) is together


def test_rows_known_to_be_unchanged_have_no_difference_left_and_keep_everything_else():
    [row] = unchanged_rows([replace(ROW, reason="few documents")])
    assert row == replace(ROW, change=Change.UNCHANGED, low=0.0, high=0.0)


@pytest.mark.parametrize("change", Change)
def test_only_rows_with_a_direction_lose_it_and_say_why(change):
    before = replace(ROW, change=change)
    [after] = undirected_rows([before], reason="same weights")
    if change in {Change.IMPROVED, Change.WORSE}:
        assert after == replace(ROW, change=Change.INCONCLUSIVE, reason="same weights")
    else:
        assert after == before
