"""The exact adversary beside the paper's search: same documents, same run, and their ratio.

`make bench` runs this and stores the figures; `python benchmarks/gate.py OLD NEW` compares two
stored ratios, which do not depend on how fast the machine is.
"""

import time

import plain
import pytest
import torch

from attnaudit.adversaries import exact_adversary
from attnaudit.data.audit_file import read_audit_file, read_audited_documents
from attnaudit.models import LinearReadout, load_model

MAX_TVD = 0.05
SEARCHED = 320
"""Documents that the search sees; the exact solver gets the same."""
BATCH = 32


def encoded(directory, *, dtype, count):
    """Batches of (documents, hidden states, attention, mask), short documents first."""
    model = load_model(directory, dtype=dtype)
    documents = read_audited_documents(read_audit_file(directory / "audit.toml"), directory)
    prepared = model.prepare(documents)
    order = sorted(range(len(prepared.documents)), key=lambda row: len(prepared.tokens[row]))
    chosen = order[:: max(1, len(order) // count)][:count]
    by_id = {document.id: document for document in documents}
    batches = []
    for start in range(0, len(chosen), BATCH):
        names = [prepared.documents[row] for row in chosen[start : start + BATCH]]
        batch = model.prepare([by_id[name] for name in names])
        with torch.no_grad():
            hidden = model.network.encode(model.network.embedding(batch.token_ids), batch.mask)
        [attended] = model.attend(batch, sites=["attention"])
        batches.append((batch, hidden, attended))
    return model, batches


@pytest.mark.parametrize("name", ["sst", "20news-sports"])
def test_exact_adversary_beside_the_papers_search(benchmark, trained, name):
    model, batches = encoded(trained(name), dtype=torch.float32, count=SEARCHED)
    weight, bias = model.network.head.weight[0], model.network.head.bias[0]
    generator = torch.Generator().manual_seed(0)

    begin = time.perf_counter()
    searched = []
    for batch, hidden, attended in batches:
        found, moved = plain.search(
            hidden, weight, bias, attended.attention, batch.mask, generator=generator
        )
        searched.append(
            plain.accepted_divergence(found, moved, attended.attention, max_tvd=MAX_TVD)
        )
    seconds_searched = time.perf_counter() - begin

    def solve():
        return [
            exact_adversary(
                attended.attention,
                attended.mask,
                LinearReadout(
                    hidden @ model.network.head.weight.T, model.network.head.bias, "sigmoid"
                ),
                max_tvd=MAX_TVD,
            ).divergence
            for _, hidden, attended in batches
        ]

    exact = torch.cat(benchmark.pedantic(solve, rounds=5, warmup_rounds=1))
    searched = torch.cat(searched).double()
    tokens = torch.cat([batch.lengths for batch, _, _ in batches]).double()
    benchmark.extra_info.update(
        {
            "documents": len(exact),
            "mean_tokens": round(float(tokens.mean()), 1),
            "ratio": round(seconds_searched / benchmark.stats.stats.median, 1),
            "documents_per_second": round(len(exact) / benchmark.stats.stats.median, 1),
            "mean_exact": round(float(exact.mean()), 4),
            "mean_searched": round(float(searched.mean()), 4),
            "short_by_0.05": round(float((exact - searched > 0.05).double().mean()), 4),
        }
    )
    # The search may be accepted a rounding error beyond the budget; never more.
    assert bool((searched <= exact + 1e-5).all())
