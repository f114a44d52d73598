import pytest

from attnaudit.records import Outcome
from attnaudit.verdicts.change import Change, ClaimChange


def change_of(change, **fields):
    fields = {"claim": "c", "model": "m", "site": "attention", "required": True} | fields
    return ClaimChange(change=change, **fields)


@pytest.mark.parametrize("change", [Change.IMPROVED, Change.UNCHANGED, Change.NEW])
def test_what_is_no_worse_is_not_called_so(change):
    assert not change_of(change, old=Outcome.REFUTED, new=Outcome.REFUTED).is_worse


def test_what_is_worse_is_so_though_the_claim_still_holds():
    assert change_of(Change.WORSE, old=Outcome.SUPPORTED, new=Outcome.SUPPORTED).is_worse
    assert not change_of(Change.WORSE, required=False).is_worse


@pytest.mark.parametrize("outcome", [*Outcome, None])
def test_only_a_supported_claim_can_fail_by_being_dropped(outcome):
    assert change_of(Change.LOST, old=outcome).is_worse == (outcome is Outcome.SUPPORTED)


@pytest.mark.parametrize("outcome", [*Outcome, None])
def test_a_claim_that_is_lost_by_an_error_fails_whatever_it_was(outcome):
    assert change_of(Change.LOST, old=outcome, new=Outcome.ERROR).is_worse
    advisory = change_of(Change.LOST, old=outcome, new=Outcome.ERROR, required=False)
    assert not advisory.is_worse


def test_only_an_inconclusive_required_claim_is_open():
    opened = {change for change in Change if change_of(change).is_open}
    assert opened == {Change.INCONCLUSIVE}
    assert not change_of(Change.INCONCLUSIVE, required=False).is_open
