"""Which documents a claim is told of: those drawn for it, whatever other claims drew."""

from dataclasses import replace

import pytest

from attnaudit.data import documents_digest
from attnaudit.errors import DataError
from attnaudit.models import faithful_model
from attnaudit.records import Outcome
from attnaudit.runs.auditor import Auditor
from attnaudit.runs.drawn import in_order_of_drawing
from attnaudit.runs.plan import Request, Subject, plan_subjects
from attnaudit.store.directory import create_run_directory
from attnaudit.store.how_read import SpecialMass


@pytest.fixture
def documents(planted_documents):
    """Four hundred, of which the 121st to the 160th to be drawn are empty."""
    everything = [
        replace(one, id=f"{one.id}-{copy}") for copy in range(4) for one in planted_documents
    ][:400]
    drawn = in_order_of_drawing(everything, seed=0)
    return tuple(
        replace(one, tokens=()) if 120 <= place < 160 else one for place, one in enumerate(drawn)
    )


@pytest.fixture
def cases(documents, write_claims, claim_text):
    """A claim that 50 documents decide and one that they leave open, with their auditor's plan."""
    claims = write_claims(
        claim_text("plain", draws=3), claim_text("open", draws=3, limit="at_least = 0.45")
    )
    subject = Subject(
        name="model",
        source="python",
        documents=documents,
        documents_source="python",
        digest=documents_digest(documents),
        claims=claims,
    )
    return plan_subjects(Request(adaptive=True), (subject,))


def test_only_documents_that_were_drawn_for_a_claim_count_as_cut(
    cases, documents, tmp_path, reading_the_beginning
):
    model = reading_the_beginning(faithful_model(), longest=15)
    auditor = Auditor(cases, create_run_directory(tmp_path / "run"), models={"model": model})
    by_id = {case.claim.id: case for case in cases.cases}
    found = auditor.decide(by_id["plain"]).model
    longer = [len(one.tokens) > 15 for one in documents]
    assert found.documents.n == 50
    assert found.documents.truncated == sum(longer[:50])
    assert 0 < sum(longer[:50]) < sum(longer)
    assert found.special_mass == SpecialMass(mean=0.25, least=0.25, most=0.25)


@pytest.mark.parametrize("order", [("plain", "open"), ("open", "plain")])
def test_a_claim_does_not_break_on_documents_that_were_drawn_for_another(cases, tmp_path, order):
    auditor = Auditor(
        cases, create_run_directory(tmp_path / "run"), models={"model": faithful_model()}
    )
    by_id = {case.claim.id: case for case in cases.cases}
    for name in order:
        if name == "open":
            with pytest.raises(DataError, match="cannot use 40 of 200 documents"):
                auditor.decide(by_id[name])
        else:
            decision = auditor.decide(by_id[name])
            assert decision.rows[0].outcome is Outcome.SUPPORTED
            assert decision.rows[0].drawn == decision.model.documents.n == 50
            assert decision.model.documents.planned == 400
            assert not decision.model.documents.skipped
