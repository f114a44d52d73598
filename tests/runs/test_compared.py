from dataclasses import replace

import numpy as np
import pytest

from attnaudit.claims import default_claims
from attnaudit.errors import InternalError
from attnaudit.models import faithful_model, uniform_attention_model
from attnaudit.records import Outcome
from attnaudit.runs.claims_of_run import claims_of
from attnaudit.runs.compared import compare_runs, overall_rows
from attnaudit.store.rows import error_row
from attnaudit.verdicts import direction_level
from attnaudit.verdicts.change import Change
from attnaudit.verdicts.comparison import compare_measurements


def compare(old, new, claims=None):
    return compare_runs(
        old, new, claims=claims_of(new, claims), former=overall_rows(old.run, among=claims)
    )


def changes(comparison):
    return {claim.claim: claim.change for claim in comparison.claims}


ALL = [claim.id for claim in default_claims().claims]


def test_a_run_beside_itself_is_unchanged_to_the_last_bit(faithful_run, uniform_run):
    for stored in (faithful_run, uniform_run):
        comparison = compare(stored, stored)
        assert changes(comparison) == dict.fromkeys(ALL, Change.UNCHANGED)
        rows = [row for claim in comparison.claims for row in claim.rows]
        assert {row.change for row in rows} == {Change.UNCHANGED}
        assert {claim.reason for claim in comparison.claims} == {
            "the same weights, and the same values to the last bit"
        }
        assert comparison.passes(inconclusive="fail")


@pytest.fixture
def order(write_claims, claim_text):
    """A quick claim that a model is audited by again."""
    return write_claims(claim_text("order", by='["predicted"]', margin=0.02))


def test_a_second_audit_of_the_same_weights_is_unchanged_to_the_last_bit(
    faithful_run, audited, planted_documents, order
):
    [claim] = compare(
        faithful_run, audited(faithful_model(), planted_documents, order), order
    ).claims
    assert claim.change is Change.UNCHANGED
    assert claim.reason == "the same weights, and the same values to the last bit"


def test_attention_that_became_uniform_is_worse_in_every_claim(faithful_run, uniform_run):
    comparison = compare(faithful_run, uniform_run)
    assert changes(comparison) == dict.fromkeys(ALL, Change.WORSE)
    assert {claim.old for claim in comparison.claims} == {Outcome.SUPPORTED}
    assert not comparison.passes(inconclusive="warn")


def test_the_runs_exchanged_make_every_worse_an_improvement(faithful_run, uniform_run):
    comparison = compare(uniform_run, faithful_run)
    assert changes(comparison) == dict.fromkeys(ALL, Change.IMPROVED)
    assert comparison.passes(inconclusive="fail")


def test_the_level_is_shared_among_all_claims_of_the_later_run(faithful_run, uniform_run):
    [claim, *_] = default_claims().claims
    sides = [run.measurement(run.run.models[0], claim) for run in (faithful_run, uniform_run)]
    found = compare(faithful_run, uniform_run).claims[0]
    assert found.rows == compare_measurements(claim, *sides, level=direction_level(len(ALL)))


def test_documents_in_another_order_are_paired_by_id_and_change_nothing(
    faithful_run, uniform_run, audited, planted_documents, order
):
    turned = audited(uniform_attention_model(), planted_documents[::-1], order)
    there = compare(faithful_run, uniform_run, order)
    back = compare(faithful_run, turned, order)
    assert [claim.rows for claim in back.claims] == [claim.rows for claim in there.claims]
    [pairs] = back.pairs
    assert (pairs.same_digest, pairs.verified, len(pairs.ids)) == (False, True, 120)


def test_other_values_of_the_same_weights_are_an_error_of_the_tool(faithful_run, with_values):
    nudged = with_values(faithful_run, "permutation", lambda value: value + 1e-4)
    with pytest.raises(InternalError, match="error of the tool, not a change of the model"):
        compare(faithful_run, nudged)


def test_rounding_is_no_difference_of_the_same_weights(faithful_run, with_values):
    nudged = with_values(faithful_run, "permutation", lambda value: value + 1e-12)
    comparison = compare(faithful_run, nudged)
    assert set(changes(comparison).values()) == {Change.UNCHANGED}
    reasons = {claim.claim: claim.reason for claim in comparison.claims}
    assert reasons["order-matters"].endswith("the same values but for rounding")


def test_another_seed_may_give_the_same_weights_other_values(
    faithful_run, audited, planted_documents, write_claims, claim_text
):
    # Its null shuffles attention twenty times.
    shuffled = write_claims(claim_text("special", audit="exchange", limit="at_most = -0.1"))
    other = audited(faithful_model(), planted_documents, shuffled, seed=1)
    [claim] = compare(faithful_run, other, shuffled).claims
    assert claim.reason == "the same weights, measured in another way: seed 0, now 1"
    assert claim.rows[0].old != claim.rows[0].new
    assert claim.change is Change.INCONCLUSIVE


def test_a_claim_that_the_new_run_does_not_make_is_lost(
    faithful_run, audited, planted_documents, write_claims, claim_text
):
    fewer = write_claims(claim_text("order-matters", margin=0.02))
    new = audited(faithful_model(), planted_documents, fewer)
    comparison = compare(faithful_run, new)
    expected = dict.fromkeys(ALL, Change.LOST) | {"order-matters": Change.UNCHANGED}
    assert changes(comparison) == expected
    assert comparison.changed_claims == ("model",)
    assert not comparison.passes(inconclusive="warn")


def test_a_claim_that_only_the_new_run_measures_is_new(
    faithful_run, audited, planted_documents, write_claims, claim_text
):
    fewer = write_claims(claim_text("order-matters"))
    old = audited(faithful_model(), planted_documents, fewer)
    comparison = compare(old, faithful_run)
    assert changes(comparison) == dict.fromkeys(ALL, Change.NEW) | {
        "order-matters": Change.UNCHANGED
    }
    assert comparison.passes(inconclusive="fail")


def test_chosen_claims_are_compared_alone_and_judged_in_both_runs(
    faithful_run, uniform_run, write_claims, claim_text
):
    chosen = write_claims(claim_text("mine", limit="at_least = 0.3"))
    comparison = compare(faithful_run, uniform_run, chosen)
    [claim] = comparison.claims
    assert (claim.claim, claim.change) == ("mine", Change.WORSE)
    assert (claim.old, claim.new) == (Outcome.SUPPORTED, Outcome.REFUTED)
    assert comparison.changed_claims == ("model",)


def test_a_claim_that_neither_run_measured_is_left_open_by_name(
    faithful_run, write_claims, claim_text
):
    [claim] = compare(faithful_run, faithful_run, write_claims(claim_text("x", draws=3))).claims
    assert (claim.change, claim.reason) == (Change.INCONCLUSIVE, "measured in neither run")


def test_a_claim_that_a_model_no_longer_makes_is_not_blamed_on_another_model(faithful_run, changed):
    [entry] = faithful_run.run.models
    [kept, *_] = default_claims().claims
    twins = [entry.model_copy(update={"name": name}) for name in ("broken", "whole")]
    rows = [
        row.model_copy(update={"model": twin.name})
        for twin in twins
        for row in faithful_run.run.claims
    ]
    old = changed(faithful_run, models=tuple(twins), claims=tuple(rows))
    errors = [
        error_row(claim, "out of memory", model="broken", site="default")
        for claim in default_claims().claims
    ]
    mine = [row for row in rows if (row.model, row.id) == ("whole", kept.id)]
    new = changed(faithful_run, models=(twins[1],), claims=(*errors, *mine))
    fewer = {"whole": replace(default_claims(), claims=(kept,))}
    found = compare_runs(old, new, claims=fewer, former=overall_rows(old.run)).claims
    told = {
        name: {
            (claim.new, claim.reason) for claim in found if claim.model == name and not claim.rows
        }
        for name in ("broken", "whole")
    }
    assert told == {
        "broken": {(Outcome.ERROR, "an error in the new run: out of memory")},
        "whole": {(None, "not in the new run")},
    }


def test_a_claim_that_was_not_supported_and_ends_in_an_error_fails_the_comparison(
    uniform_run, changed
):
    rows = [
        error_row(claim, "out of memory", model="model", site="default")
        for claim in default_claims().claims
    ]
    comparison = compare(uniform_run, changed(uniform_run, models=(), claims=tuple(rows)))
    assert Outcome.SUPPORTED not in {claim.old for claim in comparison.claims}
    assert changes(comparison) == dict.fromkeys(ALL, Change.LOST)
    assert not comparison.passes(inconclusive="warn")


def test_a_model_that_broke_loses_every_claim_with_the_reason(faithful_run, changed):
    rows = [
        error_row(claim, "it does not load", model="renamed", site="default")
        for claim in default_claims().claims
    ]
    broken = changed(faithful_run, models=(), claims=tuple(rows))
    comparison = compare(faithful_run, broken)
    assert changes(comparison) == dict.fromkeys(ALL, Change.LOST)
    assert {(claim.new, claim.reason) for claim in comparison.claims} == {
        (Outcome.ERROR, "an error in the new run: it does not load")
    }
    assert not comparison.passes(inconclusive="warn")


def test_only_what_both_runs_measured_is_compared(faithful_run, audited, planted_documents, order):
    others = [replace(one, id=f"other {one.id}") for one in planted_documents[:10]]
    new = audited(uniform_attention_model(), [*planted_documents[:80], *others], order)
    comparison = compare(faithful_run, new, order)
    [pairs] = comparison.pairs
    assert (len(pairs.ids), pairs.only_old, pairs.only_new) == (80, 40, 10)
    [overall, *_] = comparison.claims[0].rows
    assert overall.n == 80
    values = faithful_run.measurement(faithful_run.run.models[0], order.claims[0]).value[:80]
    assert overall.old == pytest.approx(np.mean(values), abs=1e-12)
