import numpy as np
import pytest

from attnaudit.adversaries.segments import farthest_on_segments
from attnaudit.adversaries.unit import Unit


class Banded:
    """The first weight is the probability: only attention close to the own one is admissible."""

    def probabilities(self, weights):
        return np.stack([weights[:, 0], 1 - weights[:, 0]], axis=1)

    def jacobian(self, weights):
        raise NotImplementedError


@pytest.fixture
def unit():
    attention = np.array([0.4, 0.5, 0.1])
    return Unit(
        attention=attention,
        response=Banded(),
        own=np.array([0.4, 0.6]),
        max_tvd=0.1,
        aim=0.1,
    )


def test_the_end_of_a_stretch_between_two_points_of_the_grid_is_found(unit):
    # From the first token to the last one the first weight falls from 1 to 0.
    found = farthest_on_segments(unit, np.eye(3)[:1], np.eye(3)[2:])
    assert found.tolist() == pytest.approx([0.3, 0, 0.7], abs=1e-9)


def test_of_several_lines_the_one_that_leads_farthest_wins(unit):
    start, end = np.eye(3)[[0, 0]], np.eye(3)[[1, 2]]
    found = farthest_on_segments(unit, start, end)
    along = np.linspace(0, 1, 100_001)[:, None]
    points = np.concatenate([a + along * (b - a) for a, b in zip(start, end, strict=True)])
    best = unit.divergence(points[unit.admissible(points)]).max()
    assert unit.divergence(found[None])[0] == pytest.approx(best, abs=1e-4)
    assert unit.divergence(found[None])[0] >= best


def test_a_line_that_is_admissible_throughout_is_followed_to_its_farther_end(unit):
    end = np.array([[0.35, 0.05, 0.6]])
    found = farthest_on_segments(unit, unit.attention[None], end)
    np.testing.assert_allclose(found, end[0], atol=1e-15)


def test_lines_without_an_admissible_point_lead_nowhere(unit):
    assert farthest_on_segments(unit, np.eye(3)[1:2], np.eye(3)[2:]) is None
