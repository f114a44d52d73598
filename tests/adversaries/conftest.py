import math

import pytest
import torch

from attnaudit.models.readout import LinearReadout


@pytest.fixture(scope="session")
def sigmoid_readout():
    """A readout with one sigmoid from the score of each token."""

    def build(scores, *, bias=0.0):
        return LinearReadout(scores.unsqueeze(2), scores.new_tensor([bias]), "sigmoid")

    return build


@pytest.fixture(scope="session")
def random_units():
    """Attention, mask and scores of units of different length, padded with impossible scores."""

    def draw(lengths, *, seed, dtype=torch.float64, spread=2.0):
        generator = torch.Generator().manual_seed(seed)
        shape = (len(lengths), max(lengths))
        mask = torch.arange(shape[1]) < torch.tensor(lengths).unsqueeze(1)
        logits = torch.randn(shape, generator=generator, dtype=torch.float64)
        attention = torch.softmax((1.5 * logits).masked_fill(~mask, -math.inf), dim=1)
        scores = spread * torch.randn(shape, generator=generator, dtype=torch.float64)
        return attention.to(dtype), mask, scores.masked_fill(~mask, 1e3).to(dtype)

    return draw


@pytest.fixture(scope="session")
def divergence_of():
    """Jensen-Shannon divergence of two lists of plain numbers, in nats."""
    return _divergence


@pytest.fixture(scope="session")
def slow_maximum():
    """The largest divergence over simplex and slab, by trying every corner in plain Python."""

    def maximum(attention, logits, *, max_tvd):
        total = sum(attention)
        attention = [weight / total for weight in attention]
        tokens = range(len(attention))
        logit = sum(attention[t] * logits[t] for t in tokens)
        low, high = _slab(logit, max_tvd)
        corners = [attention]
        corners += [
            [float(t == i) for t in tokens]
            for i in tokens
            if low - 1e-12 <= logits[i] <= high + 1e-12
        ]
        for i in tokens:
            for j in tokens:
                for face in (low, high):
                    if logits[i] < face < logits[j]:
                        weight = (logits[j] - face) / (logits[j] - logits[i])
                        corner = [0.0 for _ in tokens]
                        corner[i], corner[j] = weight, 1 - weight
                        corners.append(corner)
        return max(_divergence(attention, corner) for corner in corners)

    return maximum


def _slab(logit, max_tvd):
    if max_tvd == 0:
        return logit, logit
    p = 1 / (1 + math.exp(-logit))
    low = math.log((p - max_tvd) / (1 - p + max_tvd)) if p > max_tvd else -math.inf
    high = math.log((p + max_tvd) / (1 - p - max_tvd)) if p + max_tvd < 1 else math.inf
    return low, high


def _divergence(p, q):
    total = 0.0
    for a, b in zip(p, q, strict=True):
        middle = (a + b) / 2
        total += a / 2 * math.log(a / middle) if a > 0 else 0.0
        total += b / 2 * math.log(b / middle) if b > 0 else 0.0
    return total


class Squaring:
    """A readout that is not linear: the probability is the square of the first weight."""

    def __call__(self, attention):
        p = attention[..., :1] ** 2
        return torch.cat([1 - p, p], dim=-1)

    def replace(self, rows):
        return self(rows.squeeze(2))

    def logits(self, attention):
        return torch.logit(attention[..., :1] ** 2)

    def select(self, index):
        del index
        return self


@pytest.fixture(scope="session")
def squaring_readout():
    return Squaring()
