"""The figure of both methods by class, from numbers written by hand."""

import math

import matplotlib as mpl
import pytest
from figure_by_class import drawn, spread

MODELS = {
    "one": {"no": [(0.6, 0.5), (0.65, 0.4), (math.log(2), 0.1)], "yes": [(0.3, 0.3)] * 4},
    "two": {"a": [(0.61, 0.6)], "b": [(math.log(2) + 1e-9, 0.2)] * 2},
}


@pytest.fixture
def panels():
    return drawn(MODELS).axes


def test_every_class_of_every_model_has_a_panel_that_counts_its_documents(panels):
    assert {panel.get_title() for panel in panels} == {
        "one, predicted no (n = 3)",
        "one, predicted yes (n = 4)",
        "two, predicted a (n = 1)",
        "two, predicted b (n = 2)",
    }


def test_both_medians_of_a_class_are_written_down(panels):
    [panel] = [one for one in panels if "predicted no" in one.get_title()]
    assert {text.get_text() for text in panel.texts} == {"median 0.400", "median 0.650"}


def test_no_document_is_lost_beyond_the_edges(panels):
    for panel in panels:
        for patch, side in zip(panel.patches, (1, -1), strict=True):
            corners = patch.get_xy()
            widths, heights = corners[1:, 0] - corners[:-1, 0], corners[1:, 1]
            assert (side * heights >= 0).all()
            # A histogram of shares has the area of one bin.
            assert abs((widths * heights).sum()) == pytest.approx(math.log(2) / 40)


def test_the_spread_is_said_in_words():
    assert spread([0.2, 0.7, 0.65, 0.61]) == "from 0.200, 75.0% above 0.6"


def test_the_same_numbers_give_the_same_file(tmp_path):
    with mpl.rc_context({"svg.hashsalt": "figure"}):
        for name in ("first.svg", "again.svg"):
            drawn(MODELS).savefig(tmp_path / name, metadata={"Date": None})
    assert (tmp_path / "first.svg").read_bytes() == (tmp_path / "again.svg").read_bytes()
