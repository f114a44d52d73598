import math

import pytest
import torch

from attnaudit.data.vocabulary import PADDING
from attnaudit.models import Configuration
from attnaudit.training.recipe import (
    class_weights,
    initial_network,
    make_optimizer,
    weighted_loss,
)
from attnaudit.training.recipes import EMBEDDING_SCALE


@pytest.fixture
def configuration():
    return Configuration(
        encoder="bilstm",
        attention="additive",
        embedding_size=50,
        hidden_size=4,
        classes=("bad", "good"),
        kind="binary",
        tokenizer="whitespace",
        vocabulary_size=200,
    )


def test_equal_seeds_give_equal_weights_and_other_seeds_give_others(configuration):
    first, same, other = (initial_network(configuration, seed=seed) for seed in (1, 1, 2))
    for (name, one), (_, two), (_, three) in zip(
        *(network.state_dict().items() for network in (first, same, other)), strict=True
    ):
        assert torch.equal(one, two), name
        assert not torch.equal(one, three), name


def test_the_global_generator_is_left_as_it_was(configuration):
    state = torch.random.get_rng_state()
    initial_network(configuration, seed=1)
    assert torch.equal(state, torch.random.get_rng_state())


@pytest.mark.parametrize("scale", [EMBEDDING_SCALE, 1.0])
def test_embeddings_begin_at_the_stated_scale_and_padding_at_zero(scale, configuration):
    network = initial_network(configuration, seed=0, embedding_scale=scale)
    embeddings = network.embedding.weight
    assert embeddings[PADDING].tolist() == [0.0] * 50
    assert embeddings[1:].std().item() == pytest.approx(scale, rel=0.05)


def test_binary_weights_are_one_for_negatives_and_their_ratio_for_positives():
    weights = class_weights(torch.tensor([0.8, 0.2]), kind="binary")
    torch.testing.assert_close(weights, torch.tensor([1.0, 4.0]))


def test_softmax_weights_make_all_classes_count_alike_and_examples_one_on_average():
    shares = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64)
    weighted = shares * class_weights(shares, kind="softmax")
    torch.testing.assert_close(weighted, torch.full_like(shares, 1 / 3))


def test_the_binary_loss_is_the_sum_of_weighted_negative_log_likelihoods():
    logits, targets, weights = [0.3, -1.2, 2.0, 0.1], [1, 0, 0, 1], [1.0, 2.5]
    expected = 0.0
    for logit, target in zip(logits, targets, strict=True):
        p = 1 / (1 + math.exp(-logit))
        expected -= weights[target] * math.log(p if target else 1 - p)
    loss = weighted_loss(
        torch.tensor(logits).unsqueeze(1), torch.tensor(targets), torch.tensor(weights)
    )
    assert loss.item() == pytest.approx(expected, rel=1e-6)


def test_the_softmax_loss_is_the_sum_of_weighted_negative_log_likelihoods():
    logits = [[0.3, -1.0, 2.0], [1.5, 0.2, -0.7]]
    targets, weights = [2, 1], [1.0, 2.0, 0.5]
    expected = 0.0
    for row, target in zip(logits, targets, strict=True):
        total = sum(math.exp(logit) for logit in row)
        expected -= weights[target] * math.log(math.exp(row[target]) / total)
    loss = weighted_loss(torch.tensor(logits), torch.tensor(targets), torch.tensor(weights))
    assert loss.item() == pytest.approx(expected, rel=1e-6)


def test_weights_decay_everywhere_but_in_the_attention(configuration):
    network = initial_network(configuration, seed=0)
    before = {name: tensor.clone() for name, tensor in network.named_parameters()}
    optimizer = make_optimizer(network)
    for parameter in network.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    for name, parameter in network.named_parameters():
        moved = not torch.equal(parameter, before[name])
        assert moved == (not name.startswith("attention.")), name


def test_a_step_is_that_of_amsgrad(configuration):
    network = initial_network(configuration, seed=0)
    optimizer = make_optimizer(network)
    vector = network.attention.vector.weight
    expected = vector.detach().clone().double()
    first, second, largest = (torch.zeros_like(expected) for _ in range(3))
    # The gradient shrinks, so that AMSGrad and Adam part.
    for step, size in enumerate((1.0, 0.1, 0.01), start=1):
        gradient = torch.full_like(expected, size)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        largest = torch.maximum(largest, second)
        scale = (largest / (1 - 0.999**step)).sqrt() + 1e-8
        expected -= 1e-3 * first / (1 - 0.9**step) / scale
        for parameter in network.parameters():
            parameter.grad = torch.full_like(parameter, size)
        optimizer.step()
    torch.testing.assert_close(vector.detach().double(), expected, rtol=1e-5, atol=1e-7)
    assert all(group["amsgrad"] for group in optimizer.param_groups)
