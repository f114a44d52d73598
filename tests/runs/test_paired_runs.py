from dataclasses import replace

import pytest

from attnaudit.claims import default_claims
from attnaudit.runs.claims_of_run import claims_of
from attnaudit.runs.compared import compare_runs
from attnaudit.runs.stored import StoredRun
from attnaudit.verdicts.change import Change
from attnaudit.verdicts.pairing import pair_measurements

CLAIM = default_claims().claims[0]


def compare(old, new, claim=CLAIM):
    [entry] = new.run.models
    chosen = {entry.name: replace(claims_of(new)[entry.name], claims=(claim,))}
    [claim] = compare_runs(old, new, claims=chosen, former=()).claims
    return claim


@pytest.fixture
def drawn_until_decided(monkeypatch):
    """As if a run had measured only some of its documents for every claim."""

    def shorten(run, documents):
        whole = StoredRun.measurement

        def measurement(self, entry, claim):
            found = whole(self, entry, claim)
            if self is not run:
                return found
            return pair_measurements(found, found, documents=documents)[0]

        monkeypatch.setattr(StoredRun, "measurement", measurement)

    return shorten


def test_documents_that_one_run_did_not_draw_for_a_claim_are_left_out(
    faithful_run, uniform_run, drawn_until_decided
):
    drawn = [f"d{number}" for number in range(0, 120, 2)]
    drawn_until_decided(faithful_run, drawn)
    claim = compare(faithful_run, uniform_run)
    assert claim.rows[0].n == 60
    assert claim.change is Change.WORSE


def test_the_same_weights_are_the_same_on_the_documents_that_both_runs_drew(
    faithful_run, drawn_until_decided
):
    again = StoredRun(faithful_run.directory, faithful_run.run)
    drawn_until_decided(again, ["d5", "d3"])
    claim = compare(faithful_run, again)
    assert (claim.rows[0].n, claim.change) == (2, Change.UNCHANGED)


def test_a_claim_for_which_no_document_was_drawn_twice_is_left_open(
    faithful_run, uniform_run, drawn_until_decided
):
    drawn_until_decided(faithful_run, [])
    claim = compare(faithful_run, uniform_run)
    assert (claim.change, claim.rows) == (Change.INCONCLUSIVE, ())
    assert claim.reason == "no document was drawn for it in both runs"


THESE = next(claim for claim in default_claims().claims if claim.id == "order-matters").model_copy(
    update={"target": "these documents"}
)


def test_a_claim_about_these_documents_is_known_only_if_every_document_has_its_pair(
    faithful_run, uniform_run, drawn_until_decided
):
    [row, *_] = compare(faithful_run, uniform_run, THESE).rows
    assert row.low == row.high == pytest.approx(row.new - row.old, abs=1e-12)
    drawn_until_decided(faithful_run, [f"d{number}" for number in range(119)])
    [row, *_] = compare(faithful_run, uniform_run, THESE).rows
    assert row.n == 119
    assert row.low < row.new - row.old < row.high
