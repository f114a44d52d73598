import math

import numpy as np
import pytest
import torch

from attnaudit.adversaries import exact_adversary, paper_starts, search_adversary
from attnaudit.errors import InvalidArgumentError
from attnaudit.models.readout import LinearReadout
from attnaudit.records import Bound


@pytest.fixture(scope="module")
def drawn():
    """Padded starts of each unit, from its own generator."""

    def draw(mask, *, restarts=3):
        starts = torch.full((mask.shape[0], restarts, mask.shape[1]), math.nan, dtype=torch.float64)
        for row, length in enumerate(mask.sum(dim=1).tolist()):
            rng = np.random.default_rng(row)
            starts[row, :, :length] = torch.from_numpy(paper_starts(rng, length, restarts=restarts))
        return starts

    return draw


def slow_search(attention, probability, starts, settings):
    """Algorithm 3 on one unit, restart by restart, with AMSGrad written out."""

    def divergence(p, q):
        middle = (p + q) / 2
        return 0.5 * (p * (p / middle).log()).sum() + 0.5 * (q * (q / middle).log()).sum()

    own = probability(attention)
    restarts = len(starts)
    logits = starts.clone()
    mean, square, largest = (torch.zeros_like(logits) for _ in range(3))
    best = (0.0, attention)
    for step in range(1, settings["steps"] + 2):
        logits.requires_grad_()
        weights = [logits[i].softmax(dim=0) for i in range(restarts)]
        loss = 0.0
        for beta in weights:
            distant = divergence(beta, attention)
            moved = (probability(beta) - own).abs().sum() / 2
            loss = loss - distant + settings["penalty"] * torch.relu(moved - settings["max_tvd"])
            if moved <= settings["max_tvd"] and distant > best[0]:
                best = (distant.item(), beta.detach())
        for first in weights:
            for second in weights:
                loss = loss - divergence(first, second) / restarts**2
        (gradient,) = torch.autograd.grad(loss, logits)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        largest = torch.maximum(largest, square)
        size = (largest / (1 - 0.999**step)).sqrt() + 1e-8
        logits = logits.detach() - settings["learning_rate"] * mean / (1 - 0.9**step) / size
    return best


@pytest.mark.parametrize("classes", [2, 4])
def test_the_batched_search_takes_the_steps_of_the_plain_one(random_units, drawn, classes):
    lengths = [2, 6, 11]
    attention, mask, _ = random_units(lengths, seed=0)
    generator = torch.Generator().manual_seed(1)
    scores = 3 * torch.randn(3, 11, classes, generator=generator, dtype=torch.float64)
    bias = torch.linspace(-1, 1, classes, dtype=torch.float64)
    starts = drawn(mask) / 3
    settings = {"max_tvd": 0.2, "steps": 60, "learning_rate": 0.05, "penalty": 20.0}
    found = search_adversary(
        attention, mask, LinearReadout(scores, bias, "softmax"), starts=starts, **settings
    )
    for row, length in enumerate(lengths):
        expected, witness = slow_search(
            attention[row, :length],
            lambda beta, z=scores[row, :length]: (beta @ z + bias).softmax(dim=0),
            starts[row, :, :length],
            settings,
        )
        assert found.divergence[row].item() == pytest.approx(expected, abs=1e-9)
        torch.testing.assert_close(found.attention[row, :length], witness)
    assert (found.divergence > 0.01).all()


def test_the_same_starts_give_the_same_witness(random_units, sigmoid_readout, drawn):
    attention, mask, scores = random_units([8, 5], seed=1, dtype=torch.float32)
    first, again = (
        search_adversary(
            attention, mask, sigmoid_readout(scores), max_tvd=0.05, starts=drawn(mask), steps=30
        )
        for _ in range(2)
    )
    assert torch.equal(first.attention, again.attention)


def test_other_starts_give_another_witness(random_units, sigmoid_readout, drawn):
    attention, mask, scores = random_units([8, 5], seed=1)
    starts = drawn(mask)
    first, other = (
        search_adversary(
            attention, mask, sigmoid_readout(scores), max_tvd=0.3, starts=start, steps=30
        )
        for start in (starts, -starts)
    )
    assert not torch.allclose(first.attention, other.attention)


def test_batch_and_padding_change_no_witness(random_units, sigmoid_readout, drawn):
    lengths = [1, 9, 14, 4]
    attention, mask, scores = random_units(lengths, seed=2)
    starts = drawn(mask)
    together = search_adversary(
        attention, mask, sigmoid_readout(scores), max_tvd=0.05, starts=starts, steps=60
    )
    for row, length in enumerate(lengths):
        alpha, real, z = (values[row : row + 1, :length] for values in (attention, mask, scores))
        alone = search_adversary(
            alpha,
            real,
            sigmoid_readout(z),
            max_tvd=0.05,
            starts=starts[row : row + 1, :, :length],
            steps=60,
        )
        torch.testing.assert_close(alone.attention[0], together.attention[row, :length])
        assert together.attention[row, length:].eq(0).all()


@pytest.mark.parametrize("max_tvd", [0.0, 0.01, 0.05, 0.5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_what_is_found_is_admissible_and_never_beyond_the_exact_maximum(
    random_units, sigmoid_readout, drawn, max_tvd, dtype
):
    attention, mask, scores = random_units([1, 2, 3, 8, 20, 35], seed=3, dtype=dtype)
    readout = sigmoid_readout(scores)
    found = search_adversary(
        attention, mask, readout, max_tvd=max_tvd, starts=drawn(mask), steps=80, learning_rate=0.05
    )
    exact = exact_adversary(attention, mask, readout, max_tvd=max_tvd)
    assert found.tvd.max().item() <= max_tvd + 1e-6
    assert (found.divergence <= exact.divergence + 1e-5).all()
    assert found.kind is Bound.LOWER
    torch.testing.assert_close(found.upper_bound, exact.free_maximum)
    torch.testing.assert_close(found.free_maximum, exact.free_maximum)


def test_the_search_approaches_the_free_maximum_where_the_output_ignores_attention(
    sigmoid_readout, drawn
):
    attention = torch.tensor([[0.7, 0.2, 0.1]])
    mask = torch.ones(1, 3, dtype=torch.bool)
    found = search_adversary(
        attention,
        mask,
        sigmoid_readout(torch.zeros(1, 3)),
        max_tvd=0.0,
        starts=drawn(mask, restarts=5),
        learning_rate=0.1,
    )
    assert found.divergence.item() == pytest.approx(found.free_maximum.item(), abs=1e-3)
    assert found.attention[0, 2].item() > 0.99


def test_the_search_approaches_the_solved_maximum_of_two_tokens(sigmoid_readout, drawn):
    attention = torch.tensor([[0.5, 0.5]], dtype=torch.float64)
    mask = torch.ones(1, 2, dtype=torch.bool)
    readout = sigmoid_readout(torch.tensor([[-1.0, 1.0]], dtype=torch.float64))
    found = search_adversary(attention, mask, readout, max_tvd=0.1, starts=drawn(mask, restarts=5))
    exact = exact_adversary(attention, mask, readout, max_tvd=0.1)
    assert 0.5 * exact.divergence.item() < found.divergence.item() <= exact.divergence.item()


def test_an_admissible_iterate_is_kept_although_later_ones_are_not(sigmoid_readout):
    attention = torch.tensor([[0.5, 0.5]], dtype=torch.float64)
    mask = torch.ones(1, 2, dtype=torch.bool)
    readout = sigmoid_readout(torch.tensor([[-4.0, 4.0]], dtype=torch.float64))
    starts = torch.tensor([[[0.0, 0.1]]], dtype=torch.float64)
    found = search_adversary(
        attention, mask, readout, max_tvd=0.2, starts=starts, steps=50, penalty=0.0
    )
    unchecked = search_adversary(
        attention, mask, readout, max_tvd=1.0, starts=starts, steps=50, penalty=0.0
    )
    assert unchecked.tvd.item() > 0.2
    assert 0 < found.divergence.item() < unchecked.divergence.item()
    assert found.tvd.item() <= 0.2


def test_the_models_own_attention_is_returned_where_nothing_else_is_admissible(
    sigmoid_readout, drawn
):
    attention = torch.tensor([[0.3, 0.7]], dtype=torch.float64)
    mask = torch.ones(1, 2, dtype=torch.bool)
    readout = sigmoid_readout(torch.tensor([[-9.0, 9.0]], dtype=torch.float64))
    found = search_adversary(attention, mask, readout, max_tvd=0.0, starts=drawn(mask), steps=20)
    assert torch.equal(found.attention, attention)
    assert found.divergence.item() == found.tvd.item() == 0


def test_a_readout_that_is_not_linear_is_searched_too(squaring_readout, drawn):
    attention = torch.tensor([[0.5, 0.4, 0.1]], dtype=torch.float64)
    mask = torch.ones(1, 3, dtype=torch.bool)
    found = search_adversary(
        attention, mask, squaring_readout, max_tvd=0.05, starts=drawn(mask), steps=120
    )
    assert abs(found.attention[0, 0].item() ** 2 - 0.25) == pytest.approx(found.tvd.item())
    assert found.tvd.item() <= 0.05
    assert found.divergence.item() > 0.1


def test_a_caller_without_gradients_gets_the_same_witness(random_units, sigmoid_readout, drawn):
    attention, mask, scores = random_units([6], seed=4)
    plain = search_adversary(
        attention, mask, sigmoid_readout(scores), max_tvd=0.05, starts=drawn(mask), steps=20
    )
    with torch.no_grad():
        without = search_adversary(
            attention, mask, sigmoid_readout(scores), max_tvd=0.05, starts=drawn(mask), steps=20
        )
    assert torch.equal(plain.attention, without.attention)


def test_no_start_is_refused(sigmoid_readout):
    mask = torch.ones(1, 2, dtype=torch.bool)
    with pytest.raises(InvalidArgumentError, match=r"shape \[1, k, 2\] with k of 1 or more"):
        search_adversary(
            torch.full((1, 2), 0.5),
            mask,
            sigmoid_readout(torch.zeros(1, 2)),
            max_tvd=0.05,
            starts=torch.zeros(1, 0, 2),
        )


@pytest.mark.parametrize("setting", [{"steps": -1}, {"learning_rate": 0.0}, {"penalty": -1.0}])
def test_a_setting_out_of_range_is_refused(sigmoid_readout, setting):
    mask = torch.ones(1, 2, dtype=torch.bool)
    with pytest.raises(InvalidArgumentError, match=next(iter(setting))):
        search_adversary(
            torch.full((1, 2), 0.5),
            mask,
            sigmoid_readout(torch.zeros(1, 2)),
            max_tvd=0.05,
            starts=torch.zeros(1, 1, 2),
            **setting,
        )


def test_starts_that_are_not_finite_at_a_real_token_are_refused(sigmoid_readout):
    mask = torch.ones(1, 2, dtype=torch.bool)
    with pytest.raises(InvalidArgumentError, match="starts must be finite"):
        search_adversary(
            torch.full((1, 2), 0.5),
            mask,
            sigmoid_readout(torch.zeros(1, 2)),
            max_tvd=0.05,
            starts=torch.full((1, 1, 2), math.inf),
        )
