import math

import pytest
import torch

from attnaudit.adversaries import free_maximum


def test_no_random_attention_exceeds_the_free_maximum_and_one_corner_attains_it(divergence_of):
    generator = torch.Generator().manual_seed(0)
    attention = torch.softmax(torch.randn(6, generator=generator, dtype=torch.float64), dim=0)
    bound = free_maximum(attention.unsqueeze(0), torch.ones(1, 6, dtype=torch.bool)).item()
    draws = torch.randn(2000, 6, generator=generator, dtype=torch.float64)
    points = torch.softmax(5 * draws, dim=1).tolist()
    corners = torch.eye(6, dtype=torch.float64).tolist()
    found = [divergence_of(attention.tolist(), point) for point in points + corners]
    assert max(found) == pytest.approx(bound, abs=1e-12)
    assert max(found[:2000]) < bound


def test_an_unattended_token_makes_it_the_logarithm_of_two():
    weights = torch.tensor([[0.5, 0.5, 0.0]])
    assert free_maximum(weights, torch.ones(1, 3, dtype=torch.bool)).item() == math.log(2)


def test_padding_is_not_an_unattended_token():
    weights = torch.tensor([[1.0, 0.0, 0.0]])
    assert free_maximum(weights, torch.tensor([[True, False, False]])).item() == 0
