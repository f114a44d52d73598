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
SEARCHED_AT_ONCE = 32
"""Documents in a batch of the search, as in the paper's code."""
SOLVED_AT_ONCE = 512


def encoded(model, documents, *, at_once):
    """(hidden states, attention, mask) of documents in order of length, in batches."""
    batches = []
    for start in range(0, len(documents), at_once):
        batch = model.prepare(documents[start : start + at_once])
        with torch.no_grad():
            hidden = model.network.encode(model.network.embedding(batch.token_ids), batch.mask)
            attention = model.network.attention(hidden, batch.mask)
        batches.append((hidden, attention, batch.mask))
    return batches


@pytest.mark.parametrize("name", ["sst", "20news-sports"])
def test_exact_adversary_beside_the_papers_search(benchmark, trained, name):
    directory = trained(name)
    model = load_model(directory, dtype=torch.float32)
    head = model.network.head
    documents = read_audited_documents(read_audit_file(directory / "audit.toml"), directory)
    lengths = dict(zip(*tokens_of(model, documents), strict=True))
    documents = sorted(
        (one for one in documents if one.id in lengths), key=lambda one: lengths[one.id]
    )
    to_search = encoded(model, documents, at_once=SEARCHED_AT_ONCE)
    to_solve = encoded(model, documents, at_once=SOLVED_AT_ONCE)
    generator = torch.Generator().manual_seed(0)

    begin = time.perf_counter()
    searched = []
    for hidden, attention, mask in to_search:
        found, moved = plain.search(
            hidden, head.weight[0], head.bias[0], attention, mask, generator=generator
        )
        searched.append(plain.accepted_divergence(found, moved, attention, max_tvd=MAX_TVD))
    seconds_searched = time.perf_counter() - begin

    def solve():
        return [
            exact_adversary(
                attention,
                mask,
                LinearReadout(hidden @ head.weight.T, head.bias, "sigmoid"),
                max_tvd=MAX_TVD,
            ).divergence
            for hidden, attention, mask in to_solve
        ]

    exact = torch.cat(benchmark.pedantic(solve, rounds=20, warmup_rounds=2))
    searched = torch.cat(searched).double()
    seconds = benchmark.stats.stats.median
    benchmark.extra_info.update(
        {
            "documents": len(exact),
            "mean_tokens": round(sum(lengths.values()) / len(lengths), 1),
            "ratio": round(seconds_searched / seconds, 1),
            "documents_per_second": round(len(exact) / seconds, 1),
            "mean_exact": round(float(exact.mean()), 4),
            "mean_searched": round(float(searched.mean()), 4),
            "short_by_0.05": round(float((exact - searched > 0.05).double().mean()), 4),
        }
    )
    # The search may be accepted a rounding error beyond the budget; never more.
    assert bool((searched <= exact + 1e-5).all())


def tokens_of(model, documents):
    """Ids of the usable documents, and their numbers of words."""
    prepared = model.prepare(documents)
    return prepared.documents, [len(words) for words in prepared.tokens]
