"""Permutation in score space beside the paper's: same documents, same run, and their ratio.

The plain side is algorithm 2 of Jain & Wallace (2019) as their code runs it: padded batches of 32,
100 times a numpy permutation of each document's weights, and the whole decoder on the hidden
states. Both sides go from encoded documents to one median per document; the one encoding that all
audits share is on neither.

    pytest benchmarks/test_permutation.py --benchmark-json=benchmark.json
"""

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch

from attnaudit.data.audit_file import read_audit_file, read_audited_documents
from attnaudit.measurements.permutation import median_changes, permuted_attention_effect
from attnaudit.models import AttentionModel, load_model
from attnaudit.records import Document
from attnaudit.runs.batches import BatchLimits, in_batches

DRAWS = 100
TOKENS_AT_ONCE = 16384
ROUNDS = 9
PLAIN_ROUNDS = 2


def prepared(model: AttentionModel, documents: Sequence[tuple[Document, int]], limits):
    """Neighbours in length together, so that neither side computes much on padding."""
    return [batch for batch, _ in in_batches(model, documents, lambda one: one.mask, limits)]


def split_into_words(model, documents):
    """The documents that the model can use, each with its number of words."""
    batch = model.prepare(documents)
    by_id = {one.id: one for one in documents}
    words = zip(batch.documents, batch.tokens, strict=True)
    return [(replace(by_id[one], tokens=tokens), len(tokens)) for one, tokens in words]


def encoded(model, batch):
    """Hidden states, attention and lengths of a batch."""
    with torch.no_grad():
        hidden = model.network.encode(model.network.embedding(batch.token_ids), batch.mask)
        return hidden, model.network.attention(hidden, batch.mask), batch.lengths.tolist()


def plain_medians(hidden, attention, lengths, head, *, generator):
    """Median change of the probability of the second class of each document."""
    weights = attention.cpu().numpy()
    with torch.no_grad():
        own = torch.sigmoid(head(torch.bmm(attention[:, None], hidden)[:, 0]))[:, 0].cpu().numpy()
        changes = np.empty((DRAWS, len(lengths)))
        for draw in range(DRAWS):
            permuted = np.zeros_like(weights)
            for row, length in enumerate(lengths):
                permuted[row, :length] = generator.permutation(weights[row, :length])
            moved = torch.from_numpy(permuted).to(hidden.device)
            context = torch.bmm(moved[:, None], hidden)[:, 0]
            changes[draw] = np.abs(torch.sigmoid(head(context))[:, 0].cpu().numpy() - own)
    return np.median(changes, axis=0)


@pytest.mark.parametrize("name", ["sst", "20news-sports"])
def test_permutation_beside_the_whole_decoder(benchmark, trained, device, name):
    directory = trained(name)
    model = load_model(directory, device=device, dtype=torch.float32)
    audited = read_audited_documents(read_audit_file(directory / "audit.toml"), directory)
    documents = split_into_words(model, audited)
    paper = BatchLimits(tokens=10**9, documents=32)
    plain = [encoded(model, batch) for batch in prepared(model, documents, paper)]
    ours = [
        model.attend(batch, sites=["attention"])[0]
        for batch in prepared(model, documents, BatchLimits(tokens=TOKENS_AT_ONCE))
    ]
    generator = np.random.default_rng(0)

    def plainly():
        begin = time.perf_counter()
        medians = [
            plain_medians(hidden, attention, lengths, model.network.head, generator=generator)
            for hidden, attention, lengths in plain
        ]
        return np.concatenate(medians), time.perf_counter() - begin

    def permute():
        return [median_changes(attended, draws=DRAWS, seed=0) for attended in ours]

    # Before and after, since other work on the machine slows either side.
    runs = [plainly() for _ in range(PLAIN_ROUNDS)]
    medians = np.concatenate(benchmark.pedantic(permute, rounds=ROUNDS, warmup_rounds=1))
    runs += [plainly() for _ in range(PLAIN_ROUNDS)]
    seconds_plainly = float(np.median([seconds for _, seconds in runs]))
    seconds = benchmark.stats.stats.median
    begin = time.perf_counter()
    rows = [row for one in ours for row in permuted_attention_effect(one, draws=DRAWS, seed=0)]
    seconds_with_moments = time.perf_counter() - begin
    deviations, alignment = (
        np.array([row.value for row in rows if row.quantity == quantity])
        for quantity in ("logit-deviation", "alignment")
    )
    lengths = [length for one in plain for length in one[2]]
    benchmark.extra_info.update(
        {
            "documents": len(medians),
            "mean_tokens": round(sum(lengths) / len(lengths), 1),
            "ratio": round(seconds_plainly / seconds, 1),
            "ratio_with_moments": round(seconds_plainly / seconds_with_moments, 1),
            "documents_per_second": round(len(medians) / seconds, 1),
            "mean_of_medians": round(float(medians.mean()), 4),
            "mean_of_medians_plain": round(float(runs[0][0].mean()), 4),
            "mean_logit_deviation": round(float(deviations.mean()), 3),
            "mean_alignment": round(float(np.nanmean(alignment)), 3),
        }
    )
    # Other draws, and the same quantity: a median of 100 is uncertain by about a tenth of a
    # standard deviation, which averages out over hundreds of documents.
    assert abs(medians.mean() - runs[0][0].mean()) < 0.005
