"""What is stored for the default claims: every quantity that they name, and its null."""

import pytest

from attnaudit.claims import default_claims
from attnaudit.measurements.random_attention import NETWORKS, UntrainedModels
from attnaudit.models.planted import blind_model
from attnaudit.runs.measure import measurement_of

CLAIMS = default_claims().claims


def rows_of(claim, model, documents, *, seed=0):
    measure = measurement_of(claim, model, site="attention", seed=seed)
    return {(row.document, row.quantity): row for row in measure(model.prepare(documents))}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_every_document_has_the_quantity_its_null_and_the_difference(make_model, documents, claim):
    found = rows_of(claim, make_model(), documents)
    quantity = claim.quantity.removesuffix("-above-null")
    for document in documents:
        own, null, above = (
            found[document.id, f"{quantity}{end}"] for end in ("", "-null", "-above-null")
        )
        if len(document.tokens) > 1:
            assert own.undefined is null.undefined is above.undefined is None
            assert above.value == pytest.approx(own.value - null.value, abs=1e-12)
        if claim.null_quantity is not None:
            assert claim.null_quantity == f"{claim.quantity}-null"
            assert (document.id, claim.null_quantity) in found


@pytest.mark.parametrize(("audit", "passes"), [("agreement", 1), ("randomisation", 2)])
def test_every_document_is_read_by_one_random_network_and_by_two_where_they_are_compared(
    make_model, documents, monkeypatch, audit, passes
):
    [claim, *_] = [one for one in CLAIMS if one.audit == audit]
    read = []

    class Counting:
        def __init__(self, number):
            self.number = number
            self.model = make_model(seed=number)

        def attend(self, batch, *, sites):
            read.extend((name, self.number) for name in batch.documents)
            return self.model.attend(batch, sites=sites)

    monkeypatch.setitem(
        measurement_of.__globals__["_UNTRAINED"],
        audit,
        lambda _model, *, seed: UntrainedModels(draw=Counting, seed=seed),
    )
    model = make_model()
    measure = measurement_of(claim, model, site="attention", seed=3)
    assert read == [], "nothing is drawn before a document comes"
    measure(model.prepare(documents))
    assert len(set(read)) == len(read) == passes * len(documents)
    assert {number for _, number in read} <= set(range(NETWORKS))


@pytest.mark.parametrize("audit", ["agreement", "randomisation"])
def test_another_seed_gives_another_null_and_the_same_seed_the_same(make_model, documents, audit):
    [claim, *_] = [one for one in CLAIMS if one.audit == audit]
    model = make_model()
    key = "d0", f"{claim.quantity}-null"
    first, again, other = (rows_of(claim, model, documents, seed=seed)[key] for seed in (0, 0, 1))
    assert first == again
    assert first.value != other.value


def test_of_a_model_without_counterpart_the_agreement_is_judged_all_the_same(planted_documents):
    [claim, *_] = CLAIMS
    found = rows_of(claim, blind_model(), planted_documents[:3])
    assert all(found[one.id, "tau"].undefined is None for one in planted_documents[:3])
    assert all(found[one.id, "tau-null"].undefined for one in planted_documents[:3])
