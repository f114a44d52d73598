"""The exact adversary and the interval beside the paper's search: same documents, same run.

`make bench` runs this and stores the figures; `python benchmarks/gate.py OLD NEW` compares two
stored ratios, which do not depend on how fast the machine is.
"""

import os
import time
from dataclasses import replace
from functools import cache

import plain
import pytest
import torch

from attnaudit.adversaries import exact_adversary, interval_adversary
from attnaudit.data.audit_file import read_audit_file, read_audited_documents
from attnaudit.models import LinearReadout, PaperModel, load_model
from attnaudit.runs.batches import BatchLimits, in_batches

MAX_TVD = 0.05
SEARCHED_AT_ONCE = 32
"""Documents in a batch of the search, as in the paper's code."""
SOLVED_TOKENS = 16_384
"""Padded tokens of a batch of units that are encoded already."""
ENCLOSED = 200
"""Documents of several classes, drawn by their order in the file: the interval takes its time."""
EVERY_LENGTH = (1, 10_000)
ABOUT_230_WORDS = (200, 260)

SETS = pytest.mark.parametrize(
    ("name", "lengths"),
    [
        pytest.param("sst", EVERY_LENGTH, id="sst"),
        pytest.param("20news-sports", EVERY_LENGTH, id="20news-sports"),
        pytest.param("20news-sports", ABOUT_230_WORDS, id="20news-sports-200-to-260-words"),
    ],
)


def len_of(batch):
    """Work that leaves a batch as it is."""
    return len(batch.documents)


class Searched:
    """A test set in order of length, and what the paper's search makes of it."""

    def __init__(self, directory, device, lengths, most=None):
        model = load_model(directory, device=device, dtype=torch.float32)
        assert isinstance(model, PaperModel)
        self.model = model
        self.head = self.model.network.head
        audited = read_audited_documents(read_audit_file(directory / "audit.toml"), directory)
        prepared = self.model.prepare(audited)
        words = dict(zip(prepared.documents, map(len, prepared.tokens), strict=True))
        usable = [one for one in audited if lengths[0] <= words.get(one.id, 0) <= lengths[1]]
        split = dict(zip(prepared.documents, prepared.tokens, strict=True))
        self.documents = [
            (replace(one, tokens=split[one.id]), words[one.id]) for one in usable[:most]
        ]
        self.mean_words = sum(length for _, length in self.documents) / len(self.documents)
        paper = BatchLimits(tokens=10**9, documents=SEARCHED_AT_ONCE)
        batches = [self.encoded(batch) for batch in self.prepared(paper)]
        generator = torch.Generator(device).manual_seed(0)
        begin = time.perf_counter()
        self.divergence = torch.cat(
            [self._search(*batch, generator=generator) for batch in batches]
        )
        self.divergence = self.divergence.cpu().double()
        self.seconds = time.perf_counter() - begin

    def prepared(self, limits):
        """Word ids in batches, in order of length."""
        return [batch for batch, _ in in_batches(self.model, self.documents, len_of, limits)]

    def encoded(self, batch):
        """Hidden states, attention and mask of a batch."""
        network = self.model.network
        with torch.no_grad():
            hidden = network.encode(network.embedding(batch.token_ids), batch.mask)
            return hidden, network.attention(hidden, batch.mask), batch.mask

    def readout(self, hidden):
        scores = hidden @ self.head.weight.T
        one_output = len(self.head.weight) == 1
        return LinearReadout(scores, self.head.bias, "sigmoid" if one_output else "softmax")

    def _search(self, hidden, attention, mask, *, generator):
        found, moved = plain.search(
            hidden, self.head.weight, self.head.bias, attention, mask, generator=generator
        )
        return plain.accepted_divergence(found, moved, attention, max_tvd=MAX_TVD)

    def figures(self, seconds, divergence):
        """What a stored benchmark says beside its time."""
        return {
            "documents": len(self.documents),
            "mean_words": round(self.mean_words, 1),
            "ratio": round(self.seconds / seconds, 2),
            "documents_per_second": round(len(self.documents) / seconds, 1),
            "mean_found": round(float(divergence.mean()), 4),
            "mean_searched": round(float(self.divergence.mean()), 4),
            "short_by_0.05": round(float((divergence - self.divergence > 0.05).double().mean()), 4),
        }


@pytest.fixture(scope="session")
def searched(trained, device):
    """The search takes minutes; every solver is compared with the same run of it."""

    @cache
    def of(name, lengths, most=None):
        return Searched(trained(name), device, lengths, most)

    return of


@SETS
def test_exact_solver(benchmark, searched, name, lengths):
    """The readouts are given, as the hidden states are given to the search."""
    one = searched(name, lengths)
    units = [
        (attention, mask, one.readout(hidden))
        for hidden, attention, mask in map(
            one.encoded, one.prepared(BatchLimits(tokens=SOLVED_TOKENS))
        )
    ]

    def solve():
        found = [exact_adversary(*batch, max_tvd=MAX_TVD).divergence for batch in units]
        return torch.cat(found).cpu()

    exact = benchmark.pedantic(solve, rounds=20, warmup_rounds=2)
    benchmark.extra_info.update(one.figures(benchmark.stats.stats.median, exact))
    # The search may be accepted a rounding error beyond the budget; never more.
    assert bool((one.divergence <= exact + 1e-5).all())


@pytest.fixture
def all_cores():
    """The search does not gain from a second thread, an encoder does."""
    before = torch.get_num_threads()
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    yield torch.get_num_threads()
    torch.set_num_threads(before)


@SETS
def test_encoding_solving_and_verifying(benchmark, searched, all_cores, name, lengths):
    """From word ids to witnesses, each run through the readout; the search is given its encoding.

    The search has one thread, at which it is fastest; this has as many as there are cores.
    """
    one = searched(name, lengths)
    batches = one.prepared(BatchLimits.for_device(one.model.device, documents=None))

    def solve():
        found = [
            exact_adversary(attention, mask, one.readout(hidden), max_tvd=MAX_TVD).divergence
            for hidden, attention, mask in map(one.encoded, batches)
        ]
        return torch.cat(found).cpu()

    exact = benchmark.pedantic(solve, rounds=7, warmup_rounds=1)
    benchmark.extra_info.update(one.figures(benchmark.stats.stats.median, exact))
    benchmark.extra_info["threads"] = all_cores
    assert len(exact) == len(one.documents)


def test_interval_of_four_classes(benchmark, searched):
    """Slower than the search, and worth it: its lower end is higher and its upper end proved."""
    one = searched("agnews", EVERY_LENGTH, ENCLOSED)
    units = [
        (attention, mask, one.readout(hidden))
        for hidden, attention, mask in map(
            one.encoded, one.prepared(BatchLimits(tokens=SOLVED_TOKENS))
        )
    ]

    def enclose():
        return [interval_adversary(*batch, max_tvd=MAX_TVD) for batch in units]

    found = benchmark.pedantic(enclose, rounds=1)
    lower = torch.cat([part.divergence for part in found]).cpu()
    upper = torch.cat([part.upper_bound for part in found]).cpu()
    benchmark.extra_info.update(one.figures(benchmark.stats.stats.median, lower))
    benchmark.extra_info["mean_width"] = round(float((upper - lower).mean()), 4)
    assert bool((one.divergence <= upper + 1e-5).all())
