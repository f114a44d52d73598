import re

import numpy as np
import pytest

from attnaudit.reports.html.farthest import free_maximum_picture, search_picture
from attnaudit.reports.html.series import Column


def column(*values):
    return Column(value=np.array(values, float), upper=np.array(values, float))


def test_what_shuffled_attention_allows_is_drawn_where_it_is_known():
    columns = {"divergence": column(0.6, 0.5), "share-of-free-maximum": column(0.9, 0.8)}
    [without] = free_maximum_picture(columns, salt="s")
    [with_null] = free_maximum_picture(columns | {"divergence-null": column(0.1, 0.2)}, salt="s")
    [unknown] = free_maximum_picture(columns | {"divergence-null": column(np.nan)}, salt="s")
    assert len(with_null.legend) == len(without.legend) + 1
    assert with_null.legend[-1].name == "found from shuffled attention, on average"
    assert unknown.legend == without.legend


def test_how_far_the_search_falls_short_is_said():
    own = {"divergence": column(0.6, 0.5, 0.4, 0.3, np.nan)}
    searched = column(0.6, 0.44, 0.1, 0.4, 0.2)
    [picture] = search_picture(own, searched, salt="s")
    assert "0.450 nats here and 0.385 by the gradient search" in picture.caption
    assert re.search(r"short by more than 0.05 nats on 50% of documents", picture.caption)
    assert "farther by as much on 25%" in picture.caption


@pytest.mark.parametrize(
    ("columns", "searched"),
    [
        ({}, column(0.1)),
        ({"divergence": column(0.1)}, None),
        ({"divergence": column(np.nan)}, column(0.1)),
    ],
)
def test_without_both_sides_nothing_is_compared(columns, searched):
    assert list(search_picture(columns, searched, salt="s")) == []


def test_documents_for_which_nothing_was_found_are_drawn_as_such_and_not_silently_dropped():
    columns = {"divergence": column(0.0, 0.6, 0.0), "share-of-free-maximum": column(0, 0.9, np.nan)}
    [picture] = free_maximum_picture(columns, salt="s")
    [all_found] = free_maximum_picture(
        {"divergence": column(0.6), "share-of-free-maximum": column(0.9)}, salt="s"
    )
    # Two of three stand at zero, and the only maximum fills its bin.
    assert heights(picture.drawing, 0) == pytest.approx([1.0, 0.5], abs=0.01)
    assert heights(picture.drawing, 1) == pytest.approx([1.0], abs=0.01)
    assert "Of 2 of 3 documents no other attention was found at all" in picture.caption
    assert "no other attention" not in all_found.caption


def heights(drawing, slot):
    """Of the bars that are not empty, from left to right, as shares of the highest."""
    [path] = re.findall(
        rf'<path d="([^"]*)"[^>]*style="fill: none;[^"]*stroke: var\(--series-{slot}\)', drawing
    )
    places = np.array(re.findall(r"[-\d.]+", path), float)[1::2]
    bars = places.max() - places[1:-1:2]
    return (bars[bars > 0] / bars.max()).tolist()
