"""What replacing a transformer's attention costs, in full passes through the same network.

A network of six layers, 384 dimensions and 12 heads with random weights reads documents of 128
sub-tokens. An adversarial step is a run of the readout on one alternative for each document and
the derivative by its attention; beside it stands the same step with every layer run again. The
fastest of some rounds counts, on either side: on a processor in the time that it spent here, since
it may be busy with other things.

    python benchmarks/transformer_readouts.py [--documents 32] [--rounds 5] [--device cpu]
"""

import argparse
import time

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


def fastest(run, rounds, device):
    """Seconds of the fastest of some rounds, after one that is not counted."""
    seconds = []
    clock = time.process_time if device.type == "cpu" else time.perf_counter
    for _ in range(rounds + 1):
        begin = clock()
        run()
        if device.type == "cuda":
            torch.cuda.synchronize()
        seconds.append(clock() - begin)
    return min(seconds[1:])


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

    pass_seconds = fastest(forward, asked.rounds, device)
    step_seconds = fastest(lambda: step(whole, attention), asked.rounds, device)
    print(f"{asked.documents} documents of {PIECES} sub-tokens, {asked.device}")
    print(f"one pass                        {1000 * pass_seconds:9.1f} ms")
    print(f"adversarial step, all layers    {1000 * step_seconds:9.1f} ms")
    for name, readout in (("restarted", restarted), ("one row", one_row)):
        seconds = fastest(lambda one=readout: step(one, attention), asked.rounds, device)
        share = seconds / step_seconds
        print(f"adversarial step, {name:10}    {1000 * seconds:9.1f} ms  {share:.4f} of a step")
    rounds = max(1, asked.rounds // 2)
    for name, readout in (("restarted", restarted), ("one row", one_row)):
        run = lambda one=readout: permuted(one, own, generator)  # noqa: E731 - timed as one call
        seconds = fastest(run, rounds if readout is one_row else 1, device)
        passes = seconds / pass_seconds
        print(f"permutation({DRAWS}), {name:10}     {1000 * seconds:9.1f} ms  {passes:.1f} passes")


if __name__ == "__main__":
    main()
