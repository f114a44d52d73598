import re

import numpy as np
import pytest

from attnaudit.reports.html.figures import Series
from attnaudit.reports.html.violins import FEWEST, violins


def draw(*series, limits=(0.0, 1.0)):
    return str(violins(series, limits=limits, quantity="q", salt="s", title="t"))


def bodies(drawing):
    """Outlines of all violins as (widths at their heights), in points."""
    found = []
    for path in re.findall(r'<path id="[^"]*" d="([^"]*)" style="stroke', drawing):
        points = np.array(re.findall(r"[-\d.]+", path), float).reshape(-1, 2)
        if len(points) > 40:
            found.append(points)
    return found


def test_each_bin_of_the_largest_weight_says_how_many_documents_it_has():
    places = np.array([0.0, 0.2, 0.25, 0.5, 0.74, 0.75, 1.0])
    drawing = draw(Series(slot=0, values=np.zeros(7), places=places))
    assert re.findall(r">([\d,]+) documents?<", drawing) == ["2", "1", "2", "2"]


def test_a_violin_is_widest_where_most_values_lie():
    values = np.concatenate([np.full(90, 0.2), np.linspace(0.2, 0.8, 30)])
    [body] = bodies(draw(Series(slot=0, values=values, places=np.full(120, 0.1))))
    heights = np.unique(body[:, 1])
    widths = [np.ptp(body[body[:, 1] == height, 0]) for height in heights]
    # Heights grow downwards: 0.2 is the last of them, 0.8 the first.
    assert np.argmax(widths) >= len(heights) - 3
    assert widths[0] < 0.1 * max(widths)


def test_few_documents_are_drawn_one_by_one():
    few = Series(slot=0, values=np.linspace(0.1, 0.9, FEWEST - 1), places=np.zeros(FEWEST - 1))
    drawing = draw(few)
    assert bodies(drawing) == []
    many = Series(slot=0, values=np.linspace(0.1, 0.9, FEWEST), places=np.zeros(FEWEST))
    assert len(bodies(draw(many))) == 1


def test_equal_values_are_drawn_where_they_are():
    drawing = draw(Series(slot=0, values=np.full(50, 0.5), places=np.full(50, 0.5)))
    assert "nan" not in drawing


def test_a_series_is_drawn_in_its_colour():
    values = np.linspace(0, 1, 30)
    drawing = draw(*(Series(slot=slot, values=values, places=values) for slot in (1, 4)))
    assert set(re.findall(r"var\(--series-(\d)\)", drawing)) == {"1", "4"}


@pytest.mark.parametrize("values", [[0.0] * 9 + [1e-200], [0.5] * 9 + [0.5 + 1e-16]])
@pytest.mark.parametrize("high", [1.0, 1e-200])
def test_values_apart_by_less_than_a_variance_can_hold_are_their_median_alone(values, high):
    series = Series(slot=0, values=np.array(values), places=np.zeros(10))
    drawing = draw(series, limits=(0.0, high))
    assert bodies(drawing) == []
    assert "nan" not in drawing
