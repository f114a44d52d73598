"""Every audit on a transformer, through the same doors as on any other model."""

from dataclasses import replace

import pytest
import torch

from attnaudit.claims import default_claims
from attnaudit.errors import PreflightError, UsageError
from attnaudit.measurements.adversary import adversary
from attnaudit.measurements.inversion import inversion
from attnaudit.models.preflight import preflight
from attnaudit.models.transformers.loading import load_transformer
from attnaudit.records import Bound, Outcome
from attnaudit.runs.api import audit

from .conftest import tiny_network, tiny_tokenizer


def test_the_default_claims_get_verdicts(load, texts):
    # The adversary has its own test below; its 500 steps are no quicker on a small network.
    audits = {"agreement", "permutation", "exchange", "inversion"}
    claims = default_claims()
    claims = replace(claims, claims=tuple(one for one in claims.claims if one.audit in audits))
    labelled = [replace(one, label="good") for one in texts[:2]]
    outcomes = {row.audit: row.outcome for row in audit(load("bert"), labelled, claims).claims}
    assert outcomes.keys() == audits
    assert Outcome.ERROR not in outcomes.values()


def test_what_an_adversary_finds_is_a_lower_bound_that_the_network_confirms(load, texts):
    model = load("bert")
    batch = model.prepare(texts[:1])
    rows = adversary(
        model,
        batch,
        site="layer.2.head.0",
        max_tvd=0.05,
        method="auto",
        restarts=1,
        steps=5,
        seed=0,
    )
    [found] = [row for row in rows if row.quantity == "divergence"]
    assert found.kind is Bound.LOWER
    [attended] = model.attend(batch, sites=["layer.2.head.0"])
    witness = torch.tensor(found.witness, dtype=torch.float64)[None, None]
    with torch.no_grad():
        moved = (attended.readout(witness)[0, 0] - attended.probabilities[0]).abs().sum() / 2
    assert found.value > 0
    assert moved.item() <= 0.05 + 1e-6


def test_attention_to_the_first_power_is_the_models_own(load, texts):
    model = load("gpt2")
    rows = inversion(
        model,
        model.prepare(texts),
        site="layers",
        exponent=1.0,
        max_logit_change=0.5,
        draws=2,
        seed=0,
    )
    own = [row.value for row in rows if row.quantity == "tvd"]
    assert own == pytest.approx([0] * len(texts), abs=1e-6)
    inverted = [row.value for row in rows if row.quantity == "tvd(-1)"]
    assert max(inverted) > 1e-3


def test_claims_about_every_position_get_verdicts(load, texts):
    claims = default_claims()
    kept = tuple(one for one in claims.claims if one.audit in {"permutation", "inversion"})
    labelled = [replace(one, label="good") for one in texts[:2]]
    run = audit(load("bert"), labelled, replace(claims, claims=kept), sites=["layers.every"])
    assert {row.audit for row in run.claims} == {"permutation", "inversion"}
    assert Outcome.ERROR not in {row.outcome for row in run.claims}


@pytest.mark.parametrize(
    ("family", "site", "reason"),
    [
        ("gpt2", "layers.every", "this network is causal"),
        ("modernbert-mean", "layer.0.every", "reads every position"),
        ("bert", "layer.9", r"no attention site 'layer\.9'.*layer\.2\.head\.1 and"),
    ],
)
def test_a_site_that_a_network_does_not_have_is_refused_with_the_reason(
    family, site, reason, load, texts
):
    labelled = [replace(one, label="good") for one in texts[:2]]
    with pytest.raises((PreflightError, UsageError), match=reason):
        audit(load(family), labelled, sites=[site])


def test_attention_that_nothing_reads_is_an_error(tmp_path, texts):
    network = tiny_network("bert")
    with torch.no_grad():
        network.bert.encoder.layer[2].attention.output.dense.weight.zero_()
    network.save_pretrained(tmp_path)
    tiny_tokenizer().save_pretrained(tmp_path)
    model = load_transformer(tmp_path)
    batch = model.prepare(texts)
    with pytest.raises(PreflightError, match=r"at site 'layer\.last' reaches no logit"):
        preflight(model, batch, sites=["layer.last"])
    preflight(model, batch, sites=["layer.1"])


def test_pytest_opens_a_directory_and_names_its_sites(make_directory, pytester):
    pytester.makefile(".csv", texts="text,label\nthe film was great,good\nawful film,bad\n")
    pytester.makepyfile(
        """
        def test_is_open(attn_model, attn_documents):
            assert len(attn_model.prepare(attn_documents).documents) == 2
            names = [site.name for site in attn_model.sites]
            assert names[:3] == ["layer.last", "layers", "layer.0"]
        """
    )
    result = pytester.runpytest_inprocess(
        *("--attn-model", str(make_directory("bert")), "--attn-data", "texts.csv"),
        *("-p", "no:benchmark", "-p", "no:cacheprovider"),
    )
    result.assert_outcomes(passed=1)
