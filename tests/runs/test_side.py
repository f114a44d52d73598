"""What a run decided on a claim, and what it would have by other claims."""

import pytest

from attnaudit.claims import default_claims
from attnaudit.models import faithful_model
from attnaudit.records import Outcome
from attnaudit.runs.judged import judge_again
from attnaudit.runs.side import Side
from attnaudit.store.rows import error_row
from attnaudit.verdicts import direction_level


def side(stored):
    [entry] = stored.run.models
    return Side(stored=stored, entry=entry)


def overall(run):
    return {row.id: (row.outcome, row.drawn) for row in run.claims if row.group == "overall"}


@pytest.fixture
def by_one(audited, planted_documents, write_claims, claim_text):
    """A run that was judged by a single claim, and so at the whole error probability."""
    claims = write_claims(claim_text("only", draws=3), name="one.toml")
    return audited(faithful_model(), planted_documents, claims)


@pytest.fixture
def close(claim_text):
    """A claim that 120 documents support at the whole error probability, but not at a seventh."""
    return claim_text("close", draws=3, limit="at_least = 0.39")


def test_its_own_claims_are_as_run_json_has_them(faithful_run):
    rows = overall(faithful_run.run)
    for claim in default_claims().claims:
        found = side(faithful_run).decided(claim, default_claims())
        assert (found.outcome, found.drawn) == rows[claim.id]
        assert found.level == faithful_run.run.settings.level


def test_other_claims_are_decided_as_if_the_run_had_been_judged_by_them(
    by_one, close, claim_text, write_claims
):
    more = [claim_text(f"c{number}", draws=3) for number in range(6)]
    for texts, outcome in (
        ([close], Outcome.SUPPORTED),
        ([close, *more], Outcome.INCONCLUSIVE),
    ):
        claims = write_claims(*texts, name="other.toml")
        found = side(by_one).decided(claims.claims[0], claims)
        assert (found.outcome, found.level) == (outcome, direction_level(len(texts)))
        again = overall(judge_again(by_one, claims))
        assert again["close"] == (found.outcome, found.drawn)


def test_documents_drawn_in_blocks_are_looked_at_as_the_audit_did(
    audited, planted_documents, write_claims, claim_text, close
):
    open_ended = write_claims(claim_text("open", draws=3, limit="at_least = 0.45"), name="a.toml")
    stored = audited(faithful_model(), planted_documents, open_ended, adaptive=True)
    claims = write_claims(close, name="b.toml")
    found = side(stored).decided(claims.claims[0], claims)
    assert (found.outcome, found.drawn) == (Outcome.SUPPORTED, 100)


def test_what_was_not_measured_has_no_outcome(by_one, write_claims, claim_text):
    other = write_claims(claim_text("more", draws=9), name="other.toml")
    assert side(by_one).decided(other.claims[0], other).outcome is None


def test_what_ended_in_an_error_is_an_error_by_any_claims(
    by_one, changed, write_claims, claim_text
):
    other = write_claims(claim_text("more", draws=9), name="other.toml")
    [claim] = other.claims
    row = error_row(claim, "out of memory", model="model", site="default")
    broken = side(changed(by_one, claims=(*by_one.run.claims, row)))
    assert broken.decided(claim, other).outcome is Outcome.ERROR
    assert broken.why_lost("more") == "an error in the new run: out of memory"
    assert side(by_one).why_lost("more") == "not measured in the new run"
