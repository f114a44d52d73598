import pytest

from attnaudit.records import Outcome
from attnaudit.verdicts.change import Change, ClaimChange
from attnaudit.verdicts.run_comparison import RunComparison


def comparison_of(*changes, required=True):
    claims = [
        ClaimChange(
            claim=f"c{number}",
            model="m",
            site="attention",
            change=change,
            required=required,
            old=Outcome.SUPPORTED,
        )
        for number, change in enumerate(changes)
    ]
    return RunComparison(pairs=(), claims=tuple(claims))


def test_what_is_no_worse_passes():
    found = comparison_of(Change.IMPROVED, Change.UNCHANGED, Change.NEW)
    assert found.passes(inconclusive="fail")


@pytest.mark.parametrize("change", [Change.WORSE, Change.LOST])
def test_one_claim_that_is_worse_or_lost_fails_all(change):
    assert not comparison_of(Change.IMPROVED, change, Change.NEW).passes(inconclusive="warn")
    assert comparison_of(change, required=False).passes(inconclusive="fail")


def test_an_open_comparison_fails_only_if_asked_to():
    assert comparison_of(Change.INCONCLUSIVE).passes(inconclusive="warn")
    assert not comparison_of(Change.INCONCLUSIVE).passes(inconclusive="fail")
