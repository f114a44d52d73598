"""Gradients beside captum's: same documents, same run, same numbers, and the ratio of the times.

captum has the two that our audits also have, input times gradient and integrated gradients; its
feature ablation blanks words where leave-one-out deletes them, which is another quantity.
"""

import time
from dataclasses import replace

import pytest
import torch
from captum.attr import InputXGradient, IntegratedGradients

from attnaudit.data.audit_file import read_audit_file, read_audited_documents
from attnaudit.measurements.importance import (
    gradient_importance,
    integrated_gradients_importance,
)
from attnaudit.models import load_model
from attnaudit.runs.batches import BatchLimits, in_batches

STEPS = 20
DOCUMENTS = 150
ROUNDS = 3


def forward_of(network, *, attention_frozen):
    """Probability of the second class from embeddings and mask, as captum calls it."""

    def forward(embeddings, mask):
        hidden = network.encode(embeddings, mask)
        attention = network.attention(hidden, mask)
        if attention_frozen:
            attention = attention.detach()
        return torch.sigmoid(network.decode(hidden, attention))[:, 0]

    return forward


def captum_gradient(model, batch):
    forward = forward_of(model.network, attention_frozen=True)
    embeddings = model.embed(batch).detach().requires_grad_(True)
    found = InputXGradient(forward).attribute(embeddings, additional_forward_args=(batch.mask,))
    return found.sum(dim=2).abs().masked_fill(~batch.mask, 0).detach()


def captum_integrated_gradients(model, batch):
    forward = forward_of(model.network, attention_frozen=False)
    found = IntegratedGradients(forward).attribute(
        model.embed(batch).detach(), additional_forward_args=(batch.mask,), n_steps=STEPS
    )
    return found.sum(dim=2).abs().masked_fill(~batch.mask, 0).detach()


def our_integrated_gradients(model, batch):
    return integrated_gradients_importance(model, batch, steps=STEPS)


@pytest.mark.parametrize(
    ("both", "tolerance"),
    [
        pytest.param((gradient_importance, captum_gradient), 1e-10, id="input-times-gradient"),
        # captum rounds the nodes of the integral to single precision.
        pytest.param(
            (our_integrated_gradients, captum_integrated_gradients),
            1e-6,
            id="integrated-gradients",
        ),
    ],
)
def test_gradients_beside_captum(benchmark, trained, device, both, tolerance):
    ours, theirs = both
    directory = trained("sst")
    model = load_model(directory, device=device)
    audited = read_audited_documents(read_audit_file(directory / "audit.toml"), directory)
    read = model.prepare(audited[:DOCUMENTS])
    by_id = {one.id: one for one in audited}
    words = zip(read.documents, read.tokens, strict=True)
    documents = [(replace(by_id[one], tokens=tokens), len(tokens)) for one, tokens in words]
    limits = BatchLimits.for_device(model.device, documents=None)
    batches = [batch for batch, _ in in_batches(model, documents, lambda one: one.mask, limits)]

    def all_of(importance):
        return [importance(model, batch).cpu() for batch in batches]

    rounds = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        expected = all_of(theirs)
        rounds.append(time.perf_counter() - begin)
    found = benchmark.pedantic(all_of, args=(ours,), rounds=ROUNDS, warmup_rounds=1)
    benchmark.extra_info.update(
        {
            "documents": len(documents),
            "ratio": round(sorted(rounds)[ROUNDS // 2] / benchmark.stats.stats.median, 2),
        }
    )
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, atol=tolerance, rtol=0)
