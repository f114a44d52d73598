import numpy as np
import pytest
import torch

from attnaudit.adversaries.response import SoftmaxResponse
from attnaudit.adversaries.unit import Unit
from attnaudit.metrics import total_variation_distance

LOGITS = np.array([[2.0, 0.0, 1.0], [0.0, 1.0, 0.0]])


def test_the_distance_is_the_metric_of_the_two_outputs():
    attention = np.array([0.4, 0.6])
    unit = Unit.of(attention, SoftmaxResponse(LOGITS), max_tvd=0.05, dtype=torch.float64)
    outputs = torch.softmax(torch.from_numpy(np.stack([attention, [1.0, 0.0]]) @ LOGITS), dim=1)
    expected = total_variation_distance(outputs[0], outputs[1]).item()
    assert unit.tvd(np.array([[1.0, 0.0]]))[0] == pytest.approx(expected)
    assert unit.admissible(np.array([attention, [1.0, 0.0]])).tolist() == [True, False]


@pytest.mark.parametrize(
    ("dtype", "max_tvd", "aim"),
    [
        (torch.float64, 0.05, 0.05 * (1 - 1e-9) - 1e-12),
        (torch.float32, 0.05, 0.05 - 1e-6),
        (torch.float32, 1e-7, 1e-12),
    ],
)
def test_witnesses_aim_inside_by_what_the_readout_may_round(dtype, max_tvd, aim):
    response = SoftmaxResponse(LOGITS)
    unit = Unit.of(np.array([0.4, 0.6]), response, max_tvd=max_tvd, dtype=dtype)
    assert unit.aim == pytest.approx(aim, rel=1e-12)
    assert unit.aim <= unit.max_tvd == max_tvd
