import re

import numpy as np
import pytest

from attnaudit.reports.html.density import density


@pytest.fixture
def opacities():
    """Of every cell that is drawn."""

    def draw(across, up, **options):
        drawing = density(
            np.asarray(across, float),
            np.asarray(up, float),
            limits=((0.0, 1.0), (0.0, 1.0)),
            names=("a", "b"),
            salt="s",
            title="t",
            **options,
        )
        shapes = re.findall(r'<path d="([^"]*)"[^>]*fill: var\(--series-0\)([^"]*)"', str(drawing))
        return [
            float((re.findall(r"opacity: ([\d.]+)", look) or ["1"])[0])
            for places, look in shapes
            for _ in range(places.count("M"))
        ]

    return draw


def test_only_places_with_documents_are_drawn(opacities):
    assert len(opacities([0.1, 0.1, 0.9], [0.1, 0.1, 0.9])) == 2


def test_a_place_with_more_documents_is_darker(opacities):
    drawn = opacities([0.1] * 50 + [0.5] * 5 + [0.9], [0.5] * 56)
    assert len(drawn) == 3
    assert len(set(drawn)) == 3
    assert max(drawn) == 1.0


def test_no_more_is_drawn_of_many_documents_than_of_few(opacities):
    draw = np.random.default_rng(0)
    counts = [len(opacities(draw.random(count), draw.random(count))) for count in (20_000, 200_000)]
    assert counts[0] == counts[1] < 1_000


def test_no_documents_are_an_empty_picture(opacities):
    assert opacities([], []) == []
