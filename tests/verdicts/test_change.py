import pytest

from attnaudit.records import Outcome
from attnaudit.verdicts.change import Change, ClaimChange, RunComparison


def comparison_of(change, **fields):
    fields = {"claim": "c", "model": "m", "site": "attention", "required": True} | fields
    return RunComparison(pairs=(), claims=(ClaimChange(change=change, **fields),))


@pytest.mark.parametrize("change", [Change.IMPROVED, Change.UNCHANGED, Change.NEW])
def test_what_is_no_worse_passes(change):
    assert comparison_of(change).passes(inconclusive="fail")


def test_what_is_worse_fails_though_the_claim_still_holds():
    worse = comparison_of(Change.WORSE, old=Outcome.SUPPORTED, new=Outcome.SUPPORTED)
    assert not worse.passes(inconclusive="warn")


def test_an_advisory_claim_that_is_worse_passes():
    assert comparison_of(Change.WORSE, required=False).passes(inconclusive="fail")


@pytest.mark.parametrize("outcome", [*Outcome, None])
def test_only_a_supported_claim_can_fail_by_being_lost(outcome):
    lost = comparison_of(Change.LOST, old=outcome)
    assert lost.passes(inconclusive="fail") == (outcome is not Outcome.SUPPORTED)


def test_an_open_comparison_fails_only_if_asked_to():
    assert comparison_of(Change.INCONCLUSIVE).passes(inconclusive="warn")
    assert not comparison_of(Change.INCONCLUSIVE).passes(inconclusive="fail")
