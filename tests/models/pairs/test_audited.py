"""Every measurement taken of models of two texts, whose readout is not linear in attention."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.stats import kendalltau

from attnaudit.claims import default_claims
from attnaudit.measurements.adversary import adversary
from attnaudit.measurements.agreement import agreement
from attnaudit.measurements.exchange import exchange
from attnaudit.measurements.importance import (
    integrated_gradients,
    leave_one_out_importance,
    named_importance,
)
from attnaudit.measurements.inversion import inversion
from attnaudit.measurements.permutation import permutation
from attnaudit.records import Bound, Outcome
from attnaudit.runs.api import audit

SITE = "attention"
IMPORTANCES = [
    *("gradient", "gradient-through-attention", "gradient-norm"),
    *("attention-gradient", "leave-one-out"),
]


@pytest.fixture(
    params=[("bilstm", "additive", "all"), ("average", "dot", "mentioned")], ids="-".join
)
def model(request, make_pair_model):
    encoder, attention, candidates = request.param
    return make_pair_model(encoder=encoder, attention=attention, candidates=candidates, seed=4)


@pytest.fixture
def batch(model, pairs):
    return model.prepare(pairs)


def test_every_default_claim_gets_a_verdict(make_pair_model, pairs):
    documents = [replace(pair, id=f"{pair.id}-{copy}") for pair in pairs for copy in range(2)]
    run = audit(make_pair_model(seed=4), documents)
    outcomes = {row.id: row.outcome for row in run.claims}
    assert outcomes.keys() == {claim.id for claim in default_claims().claims}
    assert Outcome.ERROR not in outcomes.values()


def by_document(rows, quantity):
    return {row.document: row for row in rows if row.quantity == quantity}


def total_variation(p, q):
    return sum(abs(x - y) for x, y in zip(p, q, strict=True)) / 2


@pytest.mark.parametrize("importance", IMPORTANCES)
def test_agreement_is_the_correlation_that_scipy_finds(importance, model, batch):
    (attended,) = model.attend(batch, sites=[SITE])
    scores = named_importance(importance, model, batch, attended)
    found = by_document(agreement(model, batch, site=SITE, importance=importance), "tau")
    for row, document in enumerate(batch.documents):
        words = len(batch.tokens[row])
        if found[document].undefined is None:
            # What differs by rounding alone is tied.
            mine, theirs = (
                np.round(each[row, :words].numpy() / each[row].max().item(), 10)
                for each in (attended.attention, scores)
            )
            expected = kendalltau(mine, theirs).statistic
            assert found[document].value == pytest.approx(expected, abs=1e-12)
    assert sum(one.undefined is None for one in found.values()) >= 3


def test_leaving_out_a_word_is_reading_the_document_without_it(model, batch):
    (attended,) = model.attend(batch, sites=[SITE])
    found = leave_one_out_importance(model, batch, attended.probabilities)
    shorter = model.without(batch, [(0, 3), (5, 0)])
    (after,) = model.attend(shorter, sites=[SITE])
    for entry, (row, token) in enumerate([(0, 3), (5, 0)]):
        expected = total_variation(
            after.probabilities[entry].tolist(), attended.probabilities[row].tolist()
        )
        assert found[row, token].item() == pytest.approx(expected, abs=1e-14)
        assert expected > 0


def test_integrated_gradients_add_up_to_what_the_words_change(model, batch):
    (found,) = integrated_gradients(model, batch, steps=60)
    own = model.predict_embedded(batch, model.embed(batch), attention_frozen=False)
    nothing = model.predict_embedded(
        batch, torch.zeros_like(model.embed(batch)), attention_frozen=False
    )
    predicted = own.argmax(dim=1, keepdim=True)
    change = (own - nothing).gather(1, predicted).squeeze(1)
    torch.testing.assert_close(found.sum(dim=1), change, rtol=0, atol=1e-6)


def test_permutation_moves_the_output_of_every_longer_document(model, batch):
    found = by_document(permutation(model, batch, site=SITE, draws=40, seed=1), "tvd")
    for row, document in enumerate(batch.documents):
        if len(batch.tokens[row]) == 1 or int(batch.candidates[row].sum()) == 1:
            assert found[document].value == pytest.approx(0, abs=1e-12)
        else:
            assert found[document].value > 1e-6


@pytest.mark.parametrize("method", ["search", "auto"])
def test_the_adversary_finds_a_witness_that_the_readout_confirms(method, model, batch):
    rows = adversary(
        model, batch, site=SITE, max_tvd=0.05, method=method, restarts=3, steps=40, seed=1
    )
    found = by_document(rows, "divergence")
    (attended,) = model.attend(batch, sites=[SITE])
    for row, document in enumerate(batch.documents):
        one = found[document]
        assert one.kind is Bound.LOWER
        assert 0 <= one.lower <= one.upper + 1e-12 <= math.log(2) + 2e-12
        witness = torch.zeros_like(attended.attention[row : row + 1]).unsqueeze(1)
        witness[0, 0, : len(one.witness)] = torch.tensor(one.witness, dtype=torch.float64)
        output = attended.readout.select(torch.tensor([row]))(witness)[0, 0].tolist()
        assert output == pytest.approx(one.witness_probabilities, abs=1e-9)
        assert total_variation(output, attended.probabilities[row].tolist()) <= 0.05 + 1e-6
    assert max(one.value for one in found.values()) > 0.1


def test_linear_programming_is_never_behind_the_search_it_begins_with(model, batch):
    settings = {"site": SITE, "max_tvd": 0.05, "restarts": 3, "steps": 40, "seed": 1}
    searched = by_document(adversary(model, batch, method="search", **settings), "divergence")
    carried_on = by_document(adversary(model, batch, method="auto", **settings), "divergence")
    gains = [carried_on[name].value - searched[name].value for name in batch.documents]
    assert min(gains) >= -1e-12
    assert max(gains) > 0.01


def test_exchangeable_shares_equal_running_every_exchange(model, batch):
    rows = exchange(model, batch, site=SITE, max_tvd=0.05, max_logit_change=0.1, draws=3, seed=1)
    found = by_document(rows, "output-share")
    (attended,) = model.attend(batch, sites=[SITE])
    for row, document in enumerate(batch.documents):
        words = len(batch.tokens[row])
        own = attended.attention[row].numpy()
        (top, *ties) = np.flatnonzero(own >= own.max() * (1 - 1e-12)).tolist()
        if ties or words == 1:
            continue
        unnoticed = []
        for other in set(range(words)) - {top}:
            exchanged = own.copy()
            exchanged[[top, other]] = exchanged[[other, top]]
            output = attended.readout.select(torch.tensor([row]))(
                torch.from_numpy(exchanged)[None, None]
            )
            change = total_variation(output[0, 0].tolist(), attended.probabilities[row].tolist())
            unnoticed.append(change <= 0.05)
        assert found[document].value == pytest.approx(sum(unnoticed) / len(unnoticed))


def test_geometry_of_a_linear_readout_is_left_undefined_with_its_cause(model, batch):
    rows = exchange(model, batch, site=SITE, max_tvd=0.05, max_logit_change=0.1, draws=3, seed=1)
    for quantity in ("largest-top-weight", "output-width", "share-of-free-maximum"):
        for row in by_document(rows, quantity).values():
            assert math.isnan(row.value)
            assert row.undefined.startswith("output not linear in attention")


def test_inversion_changes_nothing_at_exponent_one_and_something_at_minus_one(model, batch):
    rows = inversion(model, batch, site=SITE, exponent=-1.0, max_logit_change=0.1, draws=3, seed=1)
    for row, document in enumerate(batch.documents):
        assert by_document(rows, "tvd(1)")[document].value == pytest.approx(0, abs=1e-12)
        several = len(batch.tokens[row]) > 1 and int(batch.candidates[row].sum()) > 1
        assert (by_document(rows, "tvd")[document].value > 1e-6) == several


def test_log_odds_are_undefined_where_one_candidate_stands_alone(make_pair_model, pairs):
    model = make_pair_model(candidates="mentioned")
    batch = model.prepare(pairs)
    settings = {"site": SITE, "max_logit_change": 0.1, "draws": 3, "seed": 1}
    lost = by_document(inversion(model, batch, exponent=-1.0, **settings), "log-odds-lost")
    shares = by_document(exchange(model, batch, max_tvd=0.05, **settings), "logit-share")
    for row, document in enumerate(batch.documents):
        alone = int(batch.candidates[row].sum()) == 1
        assert (lost[document].undefined == "saturated output") == alone
        if len(batch.tokens[row]) > 1:
            assert (shares[document].undefined == "saturated output") == alone
