import math

import numpy as np
import pytest
import torch

from attnaudit.adversaries import (
    exact_adversary,
    paper_starts,
    search_adversary,
    sequential_adversary,
)
from attnaudit.errors import InvalidArgumentError
from attnaudit.models.readout import LinearReadout
from attnaudit.records import Bound


class TanhHead:
    """A context vector through one tanh layer into a softmax: not linear in attention."""

    def __init__(self, states, inner, outer):
        self.states, self.inner, self.outer = states, inner, outer

    def logits(self, attention):
        return torch.tanh(attention @ self.states @ self.inner) @ self.outer

    def __call__(self, attention):
        return torch.softmax(self.logits(attention), dim=-1)

    def replace(self, rows):
        return self(rows.squeeze(2))

    def select(self, index):
        return TanhHead(self.states[index], self.inner, self.outer)


@pytest.fixture(scope="module")
def tanh_units(random_units):
    def draw(lengths, *, classes, seed, dtype=torch.float64):
        attention, mask, _ = random_units(lengths, seed=seed, dtype=dtype)
        generator = torch.Generator().manual_seed(seed)
        states, inner, outer = (
            torch.randn(*shape, generator=generator, dtype=torch.float64).to(dtype)
            for shape in ((*mask.shape, 6), (6, 5), (5, classes))
        )
        states = states.masked_fill(~mask.unsqueeze(2), 1e3)
        return attention, mask, TanhHead(states, inner, 2 * outer)

    return draw


def drawn(mask):
    starts = torch.zeros(mask.shape[0], 3, mask.shape[1], dtype=torch.float64)
    for row, length in enumerate(mask.sum(dim=1).tolist()):
        rng = np.random.default_rng(row)
        starts[row, :, :length] = torch.from_numpy(paper_starts(rng, length, restarts=3))
    return starts


@pytest.mark.parametrize("classes", [2, 4])
def test_it_goes_on_from_a_search_and_never_falls_short_of_it(tanh_units, classes):
    units = tanh_units([5, 12, 20], classes=classes, seed=0)
    searched = search_adversary(
        *units, max_tvd=0.05, starts=drawn(units[1]), steps=200, learning_rate=0.05
    )
    found = sequential_adversary(*units, max_tvd=0.05, candidates=searched.attention.unsqueeze(1))
    assert found.kind is Bound.LOWER
    assert (found.divergence >= searched.divergence).all()
    assert (found.divergence > searched.divergence + 0.02).any()
    assert (found.tvd <= 0.05 + 1e-6).all()
    torch.testing.assert_close(found.upper_bound, found.free_maximum)


def test_without_a_search_it_is_not_beaten_by_one(tanh_units):
    units = tanh_units([15, 18, 20], classes=3, seed=1)
    searched = search_adversary(
        *units, max_tvd=0.05, starts=drawn(units[1]), steps=200, learning_rate=0.05
    )
    found = sequential_adversary(*units, max_tvd=0.05)
    assert (found.divergence > searched.divergence).all()


def test_no_random_admissible_attention_lies_farther(tanh_units):
    attention, mask, readout = tanh_units([4], classes=3, seed=2)
    found = sequential_adversary(attention, mask, readout, max_tvd=0.1)
    points = torch.from_numpy(np.random.default_rng(0).dirichlet(np.full(4, 0.4), 200_000))
    outputs = readout(points.unsqueeze(0))[0]
    own = readout(attention.unsqueeze(1))[0]
    kept = points[0.5 * (outputs - own).abs().sum(dim=1) <= 0.1]
    assert len(kept) > 100
    middle = (kept + attention) / 2
    divergence = 0.5 * (torch.xlogy(kept, kept / middle) + attention * (attention / middle).log())
    assert divergence.sum(dim=1).max().item() <= found.divergence.item() + 1e-3


def test_one_sigmoid_is_solved_nearly_as_well_as_exactly(random_units, sigmoid_readout):
    attention, mask, scores = random_units([6, 14, 1, 9], seed=3)
    readout = sigmoid_readout(scores)
    exact = exact_adversary(attention, mask, readout, max_tvd=0.05)
    found = sequential_adversary(attention, mask, readout, max_tvd=0.05)
    assert (found.divergence <= exact.divergence + 1e-7).all()
    assert (found.divergence >= exact.divergence - 0.01).all()


def test_batch_and_padding_change_nothing_beyond_rounding(tanh_units):
    attention, mask, readout = tanh_units([1, 7, 12], classes=3, seed=4)
    together = sequential_adversary(attention, mask, readout, max_tvd=0.05)
    for row, length in enumerate([1, 7, 12]):
        alone = sequential_adversary(
            attention[row : row + 1, :length],
            mask[row : row + 1, :length],
            TanhHead(readout.states[row : row + 1, :length], readout.inner, readout.outer),
            max_tvd=0.05,
        )
        assert alone.divergence.item() == pytest.approx(together.divergence[row].item(), abs=1e-6)


def test_a_float32_readout_confirms_its_witness(tanh_units):
    units = tanh_units([10, 10], classes=3, seed=5, dtype=torch.float32)
    found = sequential_adversary(*units, max_tvd=0.05)
    assert (found.tvd <= 0.05 + 1e-6).all()
    assert (found.divergence > 0.4).all()


def test_a_candidate_that_uses_all_that_is_permitted_is_kept(squaring_readout):
    attention = torch.tensor([[0.5, 0.3, 0.2]], dtype=torch.float64)
    mask = torch.ones(1, 3, dtype=torch.bool)
    edge = math.sqrt(0.25 + 0.05)
    candidate = torch.tensor([[[edge, 0.0, 1 - edge]]], dtype=torch.float64)
    found = sequential_adversary(
        attention, mask, squaring_readout, max_tvd=0.05, candidates=candidate
    )
    own = search_adversary(
        attention, mask, squaring_readout, max_tvd=0.05, starts=torch.zeros(1, 1, 3), steps=1
    )
    assert found.divergence.item() > own.divergence.item()
    assert found.tvd.item() <= 0.05 + 1e-6


def test_an_inadmissible_candidate_is_never_the_witness(tanh_units):
    attention, mask, readout = tanh_units([9], classes=3, seed=6)
    corner = torch.eye(9, dtype=torch.float64)[None]
    found = sequential_adversary(attention, mask, readout, max_tvd=0.001, candidates=corner)
    assert found.tvd.item() <= 0.001 + 1e-6
    assert 0 < found.divergence.item() < found.free_maximum.item()


def test_independent_labels_are_refused(random_units):
    attention, mask, _ = random_units([4], seed=0)
    readout = LinearReadout(torch.zeros(1, 4, 3), torch.zeros(3), "multilabel")
    with pytest.raises(InvalidArgumentError, match="one label at a time"):
        sequential_adversary(attention, mask, readout, max_tvd=0.05)
