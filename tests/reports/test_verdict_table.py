from attnaudit.records import Outcome
from attnaudit.reports.verdict_table import (
    claimed_words,
    documents_words,
    judged_words,
    measured_words,
    worst_first,
)


def test_the_worst_outcome_stands_first_and_equals_by_name(make_row):
    rows = [
        make_row(id="d", outcome=Outcome.SUPPORTED),
        make_row(id="c", outcome=Outcome.REFUTED),
        make_row(id="b", outcome=Outcome.REFUTED),
        make_row(id="e", outcome=Outcome.ERROR),
        make_row(id="f", outcome=Outcome.INCONCLUSIVE),
    ]
    assert "".join(claim.overall.id for claim in worst_first(rows)) == "ebcfd"


def test_groups_stay_with_the_claim_of_their_model_and_site(make_row):
    rows = [
        make_row(model="one"),
        make_row(model="one", group="label=a", n=1),
        make_row(model="two"),
        make_row(model="two", group="label=a", n=2),
    ]
    claims = worst_first(rows)
    assert [[row.n for row in claim.groups] for claim in claims] == [[1], [2]]
    assert claims[0].rows == (rows[0], rows[1])


def test_an_error_is_not_counted_as_judged(make_row):
    supported = make_row(outcome=Outcome.SUPPORTED)
    broken = [make_row(id=name, outcome=Outcome.ERROR, error="torn") for name in "xyz"]
    assert judged_words(worst_first([])) == "0 claims were judged"
    assert judged_words(worst_first([supported])) == "1 claim was judged"
    assert judged_words(worst_first([supported, make_row(id="b")])) == "2 claims were judged"
    assert (
        judged_words(worst_first([supported, *broken]))
        == "1 claim was judged and 3 ended in an error"
    )


def test_a_claim_and_the_row_about_it_are_written_alike(make_row, make_claim):
    claim = make_claim(at_least=None, at_most=0.25)
    assert claimed_words(claim) == "mean tvd <= 0.25"
    assert claimed_words(make_row(at_least=None, at_most=0.25)) == "mean tvd <= 0.25"


def test_documents_that_come_in_clusters_are_counted_with_them(make_row):
    assert documents_words(make_row(n=729)) == "729"
    assert documents_words(make_row(n=729, clusters=120)) == "729 in 120 clusters"


def test_what_an_adversary_found_is_called_what_it_is(make_row):
    assert measured_words(make_row(audit="adversary", kind="lower-bound")) == "0.012 (lower bound)"
    assert measured_words(make_row(audit="adversary", estimate=None)) == "undefined"
    assert measured_words(make_row()) == "0.012"
    assert measured_words(make_row(outcome=Outcome.ERROR)) == "-"
