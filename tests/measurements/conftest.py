"""Units made by hand: any attention, any scores, and a readout that hides how it works."""

from dataclasses import dataclass

import pytest
import torch

from attnaudit.models import Attended, LinearReadout


@dataclass
class Opaque:
    """A readout that can only be run."""

    inner: LinearReadout

    def __call__(self, attention):
        return self.inner(attention)

    def replace(self, rows):
        return self.inner.replace(rows)

    def logits(self, attention):
        return self.inner.logits(attention)

    def select(self, index):
        return Opaque(self.inner.select(index))


@dataclass
class Rowwise:
    """Every row reads the scores by itself; the logit is the sum of squashed rows."""

    scores: torch.Tensor

    def __call__(self, attention):
        return self.replace(attention.unsqueeze(2))

    def replace(self, rows):
        logit = torch.tanh((rows * self.scores[:, None, None, :]).sum(dim=3)).sum(dim=2)
        return torch.stack([torch.sigmoid(-logit), torch.sigmoid(logit)], dim=2)

    def logits(self, attention):
        probabilities = self(attention)
        return (probabilities[..., 1:] / probabilities[..., :1]).log()

    def select(self, index):
        return Rowwise(self.scores[index])


def padded(rows, *, dtype=torch.float64):
    return torch.nn.utils.rnn.pad_sequence(
        [torch.as_tensor(row, dtype=dtype) for row in rows], batch_first=True
    )


def attended_with(readout, mask, rows, names):
    """What a model would show of such rows [batch rows tokens]."""
    return Attended(
        units=tuple((name, 0) for name in names),
        tokens=tuple(("w",) * int(count) for count in mask.sum(dim=1)),
        mask=mask,
        attention=rows.mean(dim=1),
        rows=rows,
        probabilities=readout.replace(rows.unsqueeze(1)).squeeze(1),
        readout=readout,
    )


@pytest.fixture(scope="session")
def make_attended():
    """One unit per attention; scores hold a number, or one per class, for each token."""

    def make(attentions, scores, *, link="sigmoid", bias=None, opaque=False, names=None):
        mask = padded([[True] * len(one) for one in attentions], dtype=torch.bool)
        columns = [
            torch.as_tensor(one, dtype=torch.float64).reshape(len(one), -1) for one in scores
        ]
        stacked = padded(columns)
        offset = torch.zeros(stacked.shape[2]) if bias is None else torch.tensor(bias)
        readout = LinearReadout(stacked, offset.double(), link)
        names = names or [f"d{number}" for number in range(len(attentions))]
        rows = padded(attentions).unsqueeze(1)
        return attended_with(Opaque(readout) if opaque else readout, mask, rows, names)

    return make


@pytest.fixture
def make_rowwise():
    """One unit of several rows of attention, and a number for each token."""

    def make(rows, scores, *, name="d0"):
        rows = torch.tensor([rows], dtype=torch.float64)
        mask = torch.ones(1, rows.shape[2], dtype=torch.bool)
        scores = torch.tensor([scores], dtype=torch.float64)
        return attended_with(Rowwise(scores), mask, rows, [name])

    return make


@pytest.fixture(scope="session")
def by_name():
    """Rows of a measurement by document and quantity."""

    def index(rows):
        return {(row.document, row.quantity): row for row in rows}

    return index
