import pytest

from attnaudit.errors import InternalError
from attnaudit.records import Outcome
from attnaudit.runs.same_outcomes import decision_differences, settle_outcomes
from attnaudit.runs.side import Decided


def settle(old, new, *, differences=()):
    return settle_outcomes(old, new, differences=differences, subject="order of news")


def test_another_outcome_without_a_cause_is_an_error_of_the_tool():
    message = r"order of news was supported and is refuted, .* error of the tool, not a change"
    with pytest.raises(InternalError, match=message):
        settle(Outcome.SUPPORTED, Outcome.REFUTED)


def test_another_outcome_with_a_cause_names_it():
    cause = settle(
        Outcome.SUPPORTED, Outcome.INCONCLUSIVE, differences=["other claims", "attnaudit 1, now 2"]
    )
    assert cause == "decided otherwise because of other claims; attnaudit 1, now 2"


@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_the_same_outcome_needs_no_cause(outcome):
    assert settle(outcome, outcome) is None
    assert settle(outcome, outcome, differences=["other claims"]) is None


@pytest.mark.parametrize("nothing", [None, Outcome.ERROR])
def test_where_nothing_was_decided_nothing_was_decided_otherwise(nothing):
    assert settle(nothing, Outcome.SUPPORTED) is None
    assert settle(Outcome.REFUTED, nothing) is None


def decided(stored, *, level=0.01, drawn=120):
    [entry] = stored.run.models
    return Decided(stored=stored, entry=entry, outcome=Outcome.SUPPORTED, level=level, drawn=drawn)


def test_everything_that_decides_beside_the_values_is_named(faithful_run, changed):
    run = faithful_run.run
    [entry] = run.models
    other = changed(
        faithful_run,
        entry={
            "claims_digest": "0",
            "documents": entry.documents.model_copy(update={"digest": "0", "population": 500}),
        },
        settings=run.settings.model_copy(update={"first_block": 50}),
        versions=run.versions | {"attnaudit": "9"},
    )
    same = decided(faithful_run)
    assert decision_differences(same, decided(faithful_run)) == ()
    assert decision_differences(same, decided(other, level=0.5, drawn=50)) == (
        f"attnaudit {run.versions['attnaudit']}, now 9",
        "error level 0.01, now 0.5",
        "documents before the first look None, now 50",
        "documents drawn 120, now 50",
        "documents to draw from 120, now 500",
        "another set of documents",
        "other claims",
    )
