"""What replacing a transformer's attention costs, in full passes through the same network.

A network of six layers, 384 dimensions and 12 heads with random weights reads documents of 128
sub-tokens. An adversarial step is a run of the readout on one alternative for each document and
the derivative by its attention; beside it stands the same step with every layer run again. What is
compared is run in turns, so that both meet the same machine, and the median of some rounds counts.
On a processor the time is this process's own, since the machine may be busy with other things.

    python benchmarks/transformer_readouts.py [--documents 32] [--rounds 5] [--device cpu]
"""

import argparse
import statistics
import time
from functools import partial

import torch
from transformers import BertConfig, BertForSequenceClassification

from attnaudit.models.transformers.anatomy import find_anatomy
from attnaudit.models.transformers.network import Inputs, Network
from attnaudit.models.transformers.one_row import OneRowReadout
from attnaudit.models.transformers.probe import piecewise_rows
from attnaudit.models.transformers.recording import record
from attnaudit.models.transformers.restart import RestartedReadout
from attnaudit.models.transformers.sites import heads_by_site

PIECES = 128
DRAWS = 100


def seconds_of(run, device):
    """Seconds of one run."""
    clock = time.process_time if device.type == "cpu" else time.perf_counter
    begin = clock()
    run()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return clock() - begin


def between(run, other, rounds, device):
    """Seconds of a run, of another, and how many of the other it takes; a first round is lost."""
    found = []
    for _ in range(rounds + 1):
        before, seconds, after = (seconds_of(one, device) for one in (other, run, other))
        beside = (before + after) / 2
        found.append((seconds, beside, seconds / beside))
    return tuple(statistics.median(column) for column in zip(*found[1:], strict=True))


def step(readout, attention):
    """One adversarial step: forward, and backward to the attention."""
    weights = attention.unsqueeze(1).clone().requires_grad_(True)
    torch.autograd.grad(readout.logits(weights)[:, 0, 0].sum(), weights)


def permuted(readout, rows, generator):
    """All draws of permutation, each document's positions in random orders."""
    with torch.no_grad():
        orders = torch.rand(len(rows), DRAWS, rows.shape[2], generator=generator).argsort(dim=2)
        index = orders.to(rows.device).unsqueeze(2).expand(-1, -1, rows.shape[1], -1)
        readout.replace(rows.unsqueeze(1).expand(-1, DRAWS, -1, -1).gather(3, index))


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--device", default="cpu")
    asked = parser.parse_args()
    device = torch.device(asked.device)
    torch.manual_seed(0)
    configuration = BertConfig(
        attn_implementation="eager",
        hidden_size=384,
        num_hidden_layers=6,
        num_attention_heads=12,
        intermediate_size=1536,
    )
    module = BertForSequenceClassification(configuration).eval().requires_grad_(False).to(device)
    network = Network(module, segmented=True)
    ids = torch.randint(1000, 30000, (asked.documents, PIECES), device=device)
    inputs = Inputs(ids=ids, mask=torch.ones_like(ids).bool(), segments=torch.zeros_like(ids))
    anatomy = find_anatomy(network, inputs)
    if anatomy is None:
        raise SystemExit("it cannot be told how this release of transformers builds the network")
    sites = heads_by_site(anatomy.heads)
    recorded = record(network, anatomy, inputs, layers=frozenset(range(anatomy.layers)))
    last, first = sites["layer.last"], sites["layer.0"]
    rows = piecewise_rows(recorded, last)
    parts = (network, anatomy, recorded)
    restarted = RestartedReadout.of(*parts, last, rows, link="softmax")
    one_row = OneRowReadout.of(*parts, last, rows, link="softmax")
    whole = RestartedReadout.of(*parts, first, piecewise_rows(recorded, first), link="softmax")
    own = rows.over_words()
    attention = own.mean(dim=1)
    generator = torch.Generator().manual_seed(0)

    def forward():
        with torch.no_grad():
            network.logits(inputs)

    def whole_step():
        step(whole, attention)

    seconds, passes, ratio = between(whole_step, forward, asked.rounds, device)
    print(f"{asked.documents} documents of {PIECES} sub-tokens, {asked.device}")
    print(f"one pass                        {1000 * passes:9.1f} ms")
    print(f"adversarial step, all layers    {1000 * seconds:9.1f} ms  {ratio:.1f} passes")
    for name, readout in (("restarted", restarted), ("one row", one_row)):
        run = partial(step, readout, attention)
        seconds, _, ratio = between(run, whole_step, asked.rounds, device)
        print(f"adversarial step, {name:10}    {1000 * seconds:9.1f} ms  {ratio:.4f} of a step")
    for name, readout in (("restarted", restarted), ("one row", one_row)):
        run = partial(permuted, readout, own, generator)
        seconds, _, ratio = between(run, forward, asked.rounds, device)
        print(f"permutation({DRAWS}), {name:10}     {1000 * seconds:9.1f} ms  {ratio:.1f} passes")


if __name__ == "__main__":
    main()
