import numpy as np

from attnaudit.adversaries.enclosure import Enclosure
from attnaudit.adversaries.response import SoftmaxResponse
from attnaudit.adversaries.unit import Unit


def test_only_a_farther_witness_takes_the_place_of_the_old_one():
    attention = np.array([0.5, 0.3, 0.2])
    response = SoftmaxResponse(np.zeros((3, 2)))
    unit = Unit(attention=attention, response=response, own=np.full(2, 0.5), max_tvd=0.05, aim=0.05)
    first, second, third = np.eye(3)
    middle = Enclosure(weights=attention, divergence=0.0, bound=0.5).or_better(unit, second)
    assert middle.divergence == unit.divergence(second[None])[0]
    assert middle.or_better(unit, first) is middle
    assert middle.or_better(unit, third).weights.tolist() == [0, 0, 1]
    assert middle.width == 0.5 - middle.divergence
