import numpy as np
import pytest
import torch

from attnaudit.adversaries import response
from attnaudit.adversaries._instance import Instance
from attnaudit.adversaries.response import ReadoutResponse, SoftmaxResponse
from attnaudit.models.readout import LinearReadout


def central_difference(probabilities, weights, *, step=1e-6):
    columns = []
    for token in range(len(weights)):
        change = np.zeros_like(weights)
        change[token] = step
        ends = probabilities(np.stack([weights + change, weights - change]))
        columns.append((ends[0] - ends[1]) / (2 * step))
    return np.stack(columns, axis=1)


@pytest.fixture
def both():
    """The same softmax over three classes: in closed form, and as a readout with padding."""
    rng = np.random.default_rng(0)
    logits = rng.standard_normal((5, 3))
    padded = np.concatenate([logits[:2], np.full((2, 3), 99.0), logits[2:]])
    mask = torch.tensor([[True, True, False, False, True, True, True]])
    readout = LinearReadout(torch.from_numpy(padded)[None], torch.zeros(3).double(), "softmax")
    attention = mask.double() / 5
    instance = Instance.checked(attention, mask, readout, max_tvd=0.05)
    return SoftmaxResponse(logits), ReadoutResponse.of(instance)


@pytest.mark.parametrize("which", [0, 1])
def test_the_jacobian_is_the_slope_of_the_probabilities(both, which):
    weights = np.random.default_rng(1).dirichlet(np.ones(5))
    expected = central_difference(both[0].probabilities, weights)
    np.testing.assert_allclose(both[which].jacobian(weights), expected, atol=1e-8)


def test_a_readout_is_run_over_the_real_tokens_alone(both, monkeypatch):
    monkeypatch.setattr(response, "ENTRIES_AT_ONCE", 15)
    weights = np.random.default_rng(2).dirichlet(np.ones(5), size=7)
    np.testing.assert_allclose(both[1].probabilities(weights), both[0].probabilities(weights))


def test_an_output_that_ignores_attention_has_no_slope():
    class Constant:
        def __call__(self, attention):
            return torch.full((*attention.shape[:2], 2), 0.5, dtype=attention.dtype)

        replace = logits = select = __call__

    mask = torch.ones(1, 3, dtype=torch.bool)
    jacobian = ReadoutResponse(Constant(), mask, torch.float64).jacobian(np.full(3, 1 / 3))
    assert jacobian.tolist() == [[0.0] * 3] * 2
