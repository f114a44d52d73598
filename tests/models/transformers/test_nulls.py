"""What stands beside a number of a transformer: networks of the same kind that learnt nothing."""

import weakref
from dataclasses import replace

import pytest
import scipy.stats
import torch
from scipy.spatial.distance import jensenshannon

from attnaudit.claims import default_claims
from attnaudit.measurements import untrained
from attnaudit.measurements.agreement import agreement
from attnaudit.measurements.importance import gradient_importance
from attnaudit.measurements.random_attention import NETWORKS
from attnaudit.measurements.randomisation import randomisation
from attnaudit.measurements.untrained import models_with_untrained_encoder, untrained_models
from attnaudit.records import Outcome
from attnaudit.runs.api import audit

SITE = "layer.last"
MAKERS = pytest.mark.parametrize("make", [untrained_models, models_with_untrained_encoder])


def several(texts):
    """Every text a few times, under other names: of every network there are some."""
    return [replace(one, id=f"{one.id}-{copy}") for copy in range(3) for one in texts]


def values(rows):
    return {(row.document, row.quantity): (row.value, row.undefined) for row in rows}


def attention(model, document):
    [attended] = model.attend(model.prepare([document]), sites=[SITE])
    return attended.attention[0].numpy()


@pytest.mark.parametrize("family", ["bert", "gpt2", "albert"])
def test_the_null_of_agreement_is_that_of_a_documents_random_network(family, load, texts):
    model = load(family)
    nulls = untrained_models(model, seed=1)
    some = several(texts)
    rows = agreement(model, model.prepare(some), site=SITE, importance="gradient", untrained=nulls)
    found = values(rows)
    for document in some:
        alone = model.prepare([document])
        if len(alone.tokens[0]) == 1:
            assert found[document.id, "tau-null"][1] == "one token"
            continue
        drawn = attention(nulls.draw(nulls.number_of(document.id)), document)
        scores = gradient_importance(model, alone)[0].numpy()
        expected = scipy.stats.kendalltau(drawn, scores).statistic
        assert found[document.id, "tau-null"] == (pytest.approx(expected, abs=1e-9), None)


def test_randomisation_of_a_transformer_compares_it_with_two_random_networks(load, texts):
    model = load("bert")
    nulls = models_with_untrained_encoder(model, seed=1)
    some = several(texts)
    found = values(randomisation(model, model.prepare(some), site=SITE, untrained=nulls))
    for document in some:
        first = nulls.number_of(document.id)
        one, other = (nulls.draw((first + step) % NETWORKS) for step in (0, 1))
        own, drawn, next_one = (attention(each, document) for each in (model, one, other))
        for quantity, pair in (
            ("divergence", (own, drawn)),
            ("divergence-null", (drawn, next_one)),
        ):
            expected = jensenshannon(*pair) ** 2
            assert found[document.id, quantity] == (pytest.approx(expected, abs=1e-9), None)
        assert found[document.id, "divergence"][0] > 1e-4 or len(own) == 1


@MAKERS
def test_neither_batch_nor_order_nor_what_is_kept_changes_a_document(
    load, texts, make, monkeypatch
):
    model = load("modernbert-mean")
    some = several(texts)
    together = make(model, seed=0).attentions(model.prepare(some), site=SITE, count=2)
    monkeypatch.setattr(untrained, "KEPT_BYTES", 0)
    dropping = make(model, seed=0)
    for row, document in reversed(list(enumerate(some))[::3]):
        alone = dropping.attentions(model.prepare([document]), site=SITE, count=2)
        for one, other in zip(together, alone, strict=True):
            words = other.shape[1]
            torch.testing.assert_close(one[row, :words], other[0], rtol=0, atol=2e-6)


@pytest.mark.parametrize("share", [0.0, 2.5, 99.0])
@MAKERS
def test_no_more_networks_exist_than_are_kept_and_one(load, texts, make, share, monkeypatch):
    model = load("bert")
    own = {one.data_ptr() for one in model.network.module.parameters()}
    drawn = make(model, seed=0).draw(0).network.module.parameters()
    size = sum(one.nbytes for one in drawn if one.data_ptr() not in own)
    monkeypatch.setattr(untrained, "KEPT_BYTES", int(share * size))
    alive, most, times = weakref.WeakSet(), [], []

    def counted(redraw):
        def draw(*args, **keys):
            found = redraw(*args, **keys)
            alive.add(found.network)
            most.append(len(alive))
            times.append(keys["seed"])
            return found

        return draw

    for name in ("redrawn", "with_redrawn_layers"):
        monkeypatch.setattr(untrained, name, counted(getattr(untrained, name)))
    nulls = make(model, seed=0)
    batch = model.prepare(several(texts))
    for _ in range(2):
        nulls.attentions(batch, site=SITE, count=1)
    kept = min(int(share), NETWORKS)
    assert max(most) == min(kept + 1, NETWORKS)
    assert len(set(times)) == NETWORKS
    # Those that are kept are drawn once, the others for each of two batches.
    assert len(times) == kept + 2 * (NETWORKS - kept)


def test_both_claims_get_a_verdict_and_a_null(load, texts):
    claims = default_claims()
    audits = {"agreement", "randomisation"}
    claims = replace(claims, claims=tuple(one for one in claims.claims if one.audit in audits))
    rows = audit(load("bert"), several(texts), claims).claims
    overall = [row for row in rows if row.group == "overall"]
    assert {row.audit for row in overall} == audits
    for row in overall:
        assert row.outcome is not Outcome.ERROR
        assert row.null is not None
