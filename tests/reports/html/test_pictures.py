import re

import numpy as np
import pytest

from attnaudit.reports.html.exhibits import Exhibit
from attnaudit.reports.html.figures import BINS, Series, histogram
from attnaudit.reports.html.pictures import needed, pictures
from attnaudit.reports.html.series import Column, Described
from attnaudit.reports.html.svg import SLOTS


@pytest.fixture
def drawn(make_row):
    """The pictures of an exhibit of some values, all of one predicted class if not said."""

    def draw(audit, quantity, values, *, predicted=None, classes=("no", "yes"), **changes):
        columns = {
            name: Column(value=np.array(some, float), upper=np.array(some, float))
            for name, some in values.items()
        }
        total = len(next(iter(values.values())))
        described = Described(
            predicted=np.array([0] * total if predicted is None else predicted),
            largest=np.linspace(0, 1, total),
            fingerprints=(),
        )
        row = make_row(audit=audit, quantity=quantity, **changes)
        exhibit = Exhibit(measurement="m", quantity=quantity, direction="at_least", claims=(row,))
        return pictures(exhibit, audit, columns, described, classes=classes, salt="s")

    return draw


def steps(drawing, slot):
    """Vertical places of a histogram's outline, in points from its base."""
    outlines = re.findall(
        r'<path d="([^"]*)"[^>]*style="fill: none;[^"]*stroke: var\((--.*?)\)', drawing
    )
    [path] = [path for path, colour in outlines if colour == f"--series-{slot}"]
    numbers = [float(one) for one in re.findall(r"[-\d.]+", path)]
    heights = numbers[1::2]
    return [max(heights) - height for height in heights]


def test_bars_are_as_high_as_numpy_counts():
    values = np.random.default_rng(0).beta(2, 5, 500)
    drawing = histogram(
        [Series(slot=0, values=values)],
        limits=(0, 1), thresholds=(), quantity="q", salt="s", title="t",
    )  # fmt: skip
    counts = np.histogram(values, np.linspace(0, 1, BINS + 1))[0]
    # An outline visits each bar at its left and right end, and begins and ends at the base.
    tops = np.array(steps(drawing, 0)[1:-1]).reshape(BINS, 2)
    expected = np.repeat(counts / counts.max(), 2).reshape(BINS, 2)
    np.testing.assert_allclose(tops / tops.max(), expected, atol=1e-4)


def test_a_series_without_documents_is_drawn_at_zero():
    drawing = histogram(
        [Series(slot=0, values=np.empty(0)), Series(slot=1, values=np.array([0.5]))],
        limits=(0, 1), thresholds=(), quantity="q", salt="s", title="t",
    )  # fmt: skip
    assert set(steps(drawing, 0)) == {0.0}


def test_colours_are_those_of_the_page():
    drawing = histogram(
        [Series(slot=slot, values=np.array([0.5])) for slot in range(SLOTS)],
        limits=(0, 1), thresholds=(0.5,), quantity="q", salt="s", title="t",
    )  # fmt: skip
    assert set(re.findall(r"var\(--series-(\d)\)", drawing)) == set("0123456")
    assert "currentColor" in drawing
    left = set(re.findall(r"#[0-9a-f]{6}\b", drawing))
    assert left <= {"#000000"}


def test_a_title_cannot_leave_its_attribute():
    drawing = histogram(
        [Series(slot=0, values=np.array([0.5]))],
        limits=(0, 1), thresholds=(), quantity="$\\frac{<b>", salt="s", title='"><script>',
    )  # fmt: skip
    assert "<script" not in drawing
    assert "<b>" not in drawing


def test_commonest_classes_have_their_own_colour_and_the_others_share_one(drawn):
    classes = tuple(f"c{number}" for number in range(10))
    predicted = [number for number in range(10) for _ in range(number + 1)]
    [first, *_] = drawn(
        "agreement", "tau", {"tau": np.zeros(55)}, predicted=predicted, classes=classes
    )
    names = [one.name for one in first.legend]
    assert names == [f"predicted c{number}" for number in range(4, 10)] + [
        "predicted any other class"
    ]
    assert len(names) == SLOTS


def test_a_class_that_is_never_predicted_is_not_in_the_legend(drawn):
    first, _ = drawn("agreement", "tau", {"tau": [0.1, 0.2]})
    assert [one.name for one in first.legend] == ["predicted no"]


def test_a_threshold_on_a_share_of_documents_is_not_drawn_among_values(drawn):
    mean, _ = drawn("agreement", "tau", {"tau": [0.1, 0.2]}, at_least=0.3)
    share, _ = drawn("agreement", "tau", {"tau": [0.1, 0.2]}, at_least=0.3, statistic="fraction")
    assert "threshold for their mean or median, 0.3" in mean.caption
    assert "threshold" not in share.caption


def test_the_free_maximum_is_the_divergence_by_its_share(drawn):
    values = {"divergence": [0.1, 0.3, 0.0], "share-of-free-maximum": [0.2, 0.5, np.nan]}
    own, free = drawn("adversary", "share-of-free-maximum", values)
    assert [one.name for one in free.legend] == [
        "found, with the same output",
        "whatever the output",
    ]
    # 0.1 / 0.2 and 0.3 / 0.5, each in a bin by itself.
    edges = np.linspace(0, np.log(2), BINS + 1)
    tops = np.array(steps(free.drawing, 1)[1:-1]).reshape(BINS, 2)[:, 0]
    assert np.flatnonzero(tops).tolist() == (np.digitize([0.5, 0.6], edges) - 1).tolist()
    assert "Histogram of share-of-free-maximum" in own.drawing


def test_shuffled_attention_is_drawn_where_it_was_measured(drawn):
    values = {"share": [0.1], "share-null": [0.4], "share-above-null": [-0.3]}
    own, null = drawn("exchange", "share-above-null", values)
    assert [one.name for one in null.legend] == ["own attention", "shuffled attention"]
    assert "under the same weights at random positions" in null.caption
    values["share-null"] = [np.nan]
    assert len(drawn("exchange", "share-above-null", values)) == 1
    assert "share-above-null" in own.caption


def test_all_that_a_picture_needs_is_asked_for():
    exhibit = Exhibit(measurement="m", quantity="a-above-null", direction="at_most", claims=())
    assert needed(exhibit, "exchange") == {"a", "a-null", "a-above-null"}
    assert needed(exhibit, "adversary") >= {"divergence", "divergence-null"}
    assert needed(exhibit, "agreement") >= {"a-ceiling", "p-value"}


def test_nothing_is_drawn_of_nothing(drawn):
    assert drawn("agreement", "tau", {"tau": [np.nan, np.nan]}) == ()
    assert drawn("agreement", "tau", {"other": [1.0]}) == ()


def test_equal_values_beyond_a_range_still_have_an_axis(drawn):
    [picture] = drawn("inversion", "log-odds-lost", {"log-odds-lost": [7.0, 7.0]}, at_least=7.0)
    assert "nan" not in picture.drawing


def test_undefined_values_are_counted_in_the_caption(make_row):
    causes = dict.fromkeys(range(3), "constant")
    column = Column(value=np.array([0.1]), upper=np.array([0.1]), undefined=causes)
    described = Described(predicted=np.array([0]), largest=np.array([1.0]), fingerprints=())
    exhibit = Exhibit(measurement="m", quantity="tau", direction="at_least", claims=(make_row(),))
    picture, _ = pictures(
        exhibit, "agreement", {"tau": column}, described, classes=("no",), salt="s"
    )
    assert picture.caption.endswith("Not drawn, for they have no value: 3 by constant.")


def test_what_is_proved_of_all_others_is_drawn_where_it_is_more_than_was_found(make_row):
    divergence = Column(value=np.array([0.1]), upper=np.array([0.3]))
    share = Column(value=np.array([0.2]), upper=np.array([0.6]))
    columns = {"divergence": divergence, "share-of-free-maximum": share}
    described = Described(predicted=np.array([0]), largest=np.array([1.0]), fingerprints=())
    exhibit = Exhibit(
        measurement="m", quantity="divergence", direction="at_most", claims=(make_row(),)
    )
    _, free = pictures(exhibit, "adversary", columns, described, classes=("no",), salt="s")
    assert free.legend[2].name == "proved: none with the same output is farther"


def test_without_a_share_there_is_no_free_maximum_to_draw(drawn):
    assert len(drawn("adversary", "divergence", {"divergence": [0.1]})) == 1


def test_agreement_is_drawn_beside_that_of_random_weights_and_of_the_importances(drawn):
    values = {"tau": [0.1, 0.3], "tau-null": [0.0, 0.1], "tau-ceiling": [0.8, np.nan]}
    _, _, null = drawn("agreement", "tau", values)
    assert [one.name for one in null.legend] == [
        "own attention",
        "attention of random weights",
        "the two importances",
    ]
    assert "random weights" in null.caption
    values["tau-ceiling"] = [np.nan, np.nan]
    assert len(drawn("agreement", "tau", values)[2].legend) == 2


def test_the_share_of_significant_correlations_is_said(drawn):
    values = {"tau": [0.1, 0.2, 0.9, np.nan], "p-value": [0.5, 0.05, 0.001, np.nan]}
    [own, *_] = drawn("agreement", "tau", values)
    assert "66.7% of the 3 documents that have a p-value have p <= 0.05" in own.caption
    [own, *_] = drawn("agreement", "tau", {"tau": values["tau"]})
    assert "p <=" not in own.caption


def test_a_p_value_is_not_said_of_what_lies_above_a_null(drawn):
    values = {"tau-above-null": [0.1, 0.2], "p-value": [0.5, 0.05]}
    [own, *_] = drawn("agreement", "tau-above-null", values)
    assert "p <=" not in own.caption


def test_tau_always_has_the_axis_of_the_paper(drawn):
    own, _ = drawn("agreement", "tau", {"tau": [0.4, 0.5]})
    assert re.findall(r">(-1|1)<", str(own.drawing).replace("\u2212", "-")) == ["-1", "1"]


def test_a_random_encoder_is_not_called_shuffled_attention(drawn):
    values = {"tau": [0.1, 0.3], "tau-null": [0.0, 0.1]}
    _, null = drawn("randomisation", "tau", values)
    assert "random encoder" in null.legend[0].name
    assert "shuffled" not in null.legend[1].name + null.caption


def test_the_null_of_a_divergence_is_drawn_once(drawn):
    null = {"divergence-null": [0.1, 0.1]}
    values = {"divergence": [0.1, 0.3], "share-of-free-maximum": [0.2, 0.5]} | null
    assert [len(one.legend) for one in drawn("adversary", "divergence", values)] == [1, 3]
    assert len(drawn("randomisation", "divergence", {"divergence": [0.1, 0.3]} | null)) == 2
