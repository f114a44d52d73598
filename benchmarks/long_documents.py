"""Random long documents, and the memory that solving them takes.

    python benchmarks/long_documents.py ATTENTION TOKENS DOCUMENTS

solves them in this process and prints its peak memory in MiB, all libraries included.
"""

import sys
from pathlib import Path

import torch

from attnaudit.adversaries import exact_adversary
from attnaudit.models import LinearReadout

MAX_TVD = 0.05


def ascending(scores, _generator):
    """The worst case: the farther a token is from the face, the more attention it has."""
    return torch.softmax(scores.abs(), dim=1)


def near_uniform(scores, generator):
    """Nearly equal weights, in an order of their own."""
    noise = torch.rand(scores.shape, generator=generator, dtype=scores.dtype)
    return (1 + 1e-6 * noise) / (1 + 1e-6 * noise).sum(dim=1, keepdim=True)


def softmax(scores, generator):
    """The softmax of standard normal numbers."""
    return torch.softmax(torch.randn(scores.shape, generator=generator, dtype=scores.dtype), dim=1)


ATTENTIONS = {"softmax": softmax, "near-uniform": near_uniform, "ascending": ascending}


def drawn(attention, tokens, documents):
    """(attention, mask, readout) of one batch; logits have standard deviation 2."""
    generator = torch.Generator().manual_seed(0)
    scores = 2 * torch.randn((documents, tokens), generator=generator, dtype=torch.float64)
    readout = LinearReadout(scores.unsqueeze(2), torch.zeros(1, dtype=torch.float64), "sigmoid")
    mask = torch.ones(documents, tokens, dtype=torch.bool)
    return ATTENTIONS[attention](scores, generator), mask, readout


def main():
    attention, tokens, documents = sys.argv[1:]
    exact_adversary(*drawn(attention, int(tokens), int(documents)), max_tvd=MAX_TVD)
    print(peak_mebibytes())


def peak_mebibytes():
    """Of this process on Linux; what `resource` reports may be that of its parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [kibibytes] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(kibibytes) // 1024


if __name__ == "__main__":
    main()
