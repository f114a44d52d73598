from dataclasses import replace

from attnaudit.claims import AgreementClaim
from attnaudit.records import Beside, Outcome
from attnaudit.store.rows import claim_rows, error_row, measurement_label
from attnaudit.store.run import StratumRow


def test_only_the_row_of_all_documents_has_strata_and_an_estimate_of_nothing_is_none(
    claim, where, verdict
):
    overall, group = claim_rows(claim, verdict, **where)

    assert overall.strata == (
        StratumRow(name="below 0.75", n=2, undefined=0, estimate=0.2),
        StratumRow(name="0.99+", n=1, undefined=1, estimate=None),
    )
    assert group.strata == ()


def test_a_claim_on_which_there_is_no_verdict_has_no_strata(claim, where):
    assert error_row(claim, "it is in training mode", **where).strata == ()


def test_the_first_row_has_the_outcome_of_the_claim_and_not_its_own(claim, where, verdict):
    refuted = replace(verdict, outcome=Outcome.REFUTED)
    overall, group = claim_rows(claim, refuted, **where)
    assert (overall.outcome, group.outcome) == (Outcome.REFUTED, Outcome.INCONCLUSIVE)


def test_the_null_and_the_number_of_documents_drawn_stand_in_the_first_row_only(
    claim, where, verdict
):
    overall, group = claim_rows(claim, verdict, **where, null=0.25, drawn=50)
    assert (overall.null, overall.drawn) == (0.25, 50)
    assert (group.null, group.drawn) == (None, None)
    assert claim_rows(claim, verdict, **where)[0].null is None


def test_intervals_beside_find_their_row_whatever_their_order(claim, where, verdict):
    beside = (
        Beside(group="predicted=yes", unadjusted=(0.1, 0.2), bca=None),
        Beside(group="overall", unadjusted=(0.3, 0.4), bca=(0.32, 0.38)),
    )
    overall, group = claim_rows(claim, verdict, **where, beside=beside)
    assert (overall.unadjusted, overall.bca) == ((0.3, 0.4), (0.32, 0.38))
    assert (group.unadjusted, group.bca) == ((0.1, 0.2), None)


def test_every_row_says_what_the_claim_is_about(claim, where, verdict):
    rows = (*claim_rows(claim, verdict, **where), error_row(claim, "broken", **where))
    assert {(row.level, row.assumption, row.target) for row in rows} == {
        ("hidden-state", "model", "population")
    }


def test_every_row_says_which_measurement_the_claim_is_judged_by(claim, where, verdict):
    rows = (*claim_rows(claim, verdict, **where), error_row(claim, "broken", **where))
    assert {row.measurement for row in rows} == {measurement_label(claim)}


def test_claims_about_two_importances_are_judged_by_two_measurements():
    def label(importance, quantity="tau"):
        claim = AgreementClaim(
            id="agrees",
            statement="s",
            audit="agreement",
            importance=importance,
            quantity=quantity,
            at_least=0.5,
            kind="agreement",
            inference="descriptive",
        )
        return measurement_label(claim)

    assert label("gradient") != label("leave-one-out")
    assert label("gradient") == label("gradient", "tau-above-null")
