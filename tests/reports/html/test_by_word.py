import re

import numpy as np
import pytest

from attnaudit.reports.html.by_word import word_picture
from attnaudit.reports.html.word_counts import CELLS, EXPONENTS, WordCounts


@pytest.fixture
def drawn():
    """The picture of one word at each of some places, as powers of ten, each counted often."""

    def draw(*places, often=3):
        counts = np.zeros(CELLS, np.int64)
        low, high = EXPONENTS
        for place in places:
            cell = ((one - low) / (high - low) for one in place)
            counts[tuple(int(one * size) for one, size in zip(cell, CELLS, strict=True))] += often
        return word_picture(WordCounts(counts=counts, documents=1_234), salt="s")

    return draw


def shapes(picture):
    """Corners of every cell drawn, in points."""
    paths = re.findall(r'<path d="([^"]*)"[^>]*fill: var\(--series-0\)', str(picture.drawing))
    cells = [cell for path in paths for cell in path.split("M") if cell.strip()]
    return [np.array(re.findall(r"[-\d.]+", cell), float).reshape(-1, 2) for cell in cells]


def ticks(picture):
    return [float(one) for one in re.findall(r">([\d.]+)</text>", str(picture.drawing))]


def test_the_axes_hold_the_powers_of_ten_with_words_and_no_others(drawn):
    assert ticks(drawn((0.5, -0.5))) == [0.1, 1.0, 10.0] * 2
    assert ticks(drawn((0.5, 0.5))) == [1.0, 10.0] * 2


def test_a_cell_is_drawn_once_however_many_words_it_holds(drawn):
    places = ((0.05, -0.9), (0.05, 0.2), (0.6, 0.2))
    assert len(shapes(drawn(*places))) == len(shapes(drawn(*places, often=900))) == 3


def test_more_attention_is_drawn_farther_to_the_right_and_more_importance_higher(drawn):
    pair = shapes(drawn((-0.5, 0.5), (0.5, -0.5)))
    left, right = sorted(pair, key=lambda corners: corners[:, 0].min())
    # Places grow downwards.
    assert left[:, 1].max() < right[:, 1].min()


def test_over_many_powers_of_ten_neighbouring_cells_are_one(drawn):
    neighbours = ((0.05, 0.2), (0.1, 0.2))
    assert len(shapes(drawn(*neighbours))) == 2
    assert len(shapes(drawn(*neighbours, (-2.5, 2.5)))) == 2
    whole = WordCounts(counts=np.ones(CELLS, np.int64), documents=1)
    assert len(shapes(word_picture(whole, salt="s"))) == CELLS[0] * CELLS[1] / 4


def test_words_beyond_the_ends_are_spoken_of_only_where_an_end_is_drawn(drawn):
    assert "below 0.001 or above 1,000" in drawn((-2.9, 0.5)).caption
    assert "below 0.001" not in drawn((-1.9, 0.5)).caption
    assert "Every word of 1,234 documents" in drawn((0.5, 0.5)).caption


def test_agreement_is_drawn_word_by_word_once_for_each_measurement(page_of, whole_run, make_row):
    whole_run.claims = [
        make_row(id=one, audit="agreement", quantity="tau", **limits)
        for one, limits in (("a", {"at_least": 0.5}), ("b", {"at_least": None, "at_most": 0.9}))
    ]
    page = page_of({"name": "a", "importance": (0.4, 0.3, 0.2, 0.1)})
    assert page.count("Attention of every word against its importance") == 1
    assert page.count("Measured: tau") == 2
