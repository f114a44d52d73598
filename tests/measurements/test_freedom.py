import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, linprog
from scipy.special import softmax

from attnaudit.measurements.freedom import freedom
from attnaudit.measurements.rescaling import rescaled_top
from attnaudit.records import Bound

MAX_TVD = 0.05


def of(attended, by_name, *, max_tvd=MAX_TVD, draws=4):
    return by_name(freedom(attended, max_tvd=max_tvd, draws=draws, seed=0))


def slab(logit, max_tvd):
    p = 1 / (1 + math.exp(-logit))
    low = math.log((p - max_tvd) / (1 - p + max_tvd)) if p > max_tvd else None
    high = math.log((p + max_tvd) / (1 - p - max_tvd)) if p + max_tvd < 1 else None
    return low, high


def programmed_weights(weights, scores, max_tvd):
    """Least and largest weight of each top token by linear programming, averaged over ties."""
    low, high = slab(float(np.dot(weights, scores)), max_tvd)
    rows, limits = [], []
    if high is not None:
        rows.append(scores)
        limits.append(high)
    if low is not None:
        rows.append([-score for score in scores])
        limits.append(-low)
    found = []
    for top in np.flatnonzero(np.array(weights) >= max(weights) * (1 - 1e-9)):
        ends = []
        for sign in (1, -1):
            cost = np.zeros(len(weights))
            cost[top] = sign
            program = linprog(
                cost,
                A_ub=rows or None,
                b_ub=limits or None,
                A_eq=np.ones((1, len(weights))),
                b_eq=[1.0],
                bounds=(0, 1),
            )
            ends.append(sign * program.fun)
        found.append(ends)
    return np.mean(found, axis=0)


@st.composite
def documents(draw):
    length = draw(st.integers(2, 6))
    parts = draw(st.lists(st.integers(0, 5), min_size=length, max_size=length).filter(any))
    score = st.sampled_from([-6.0, -2.3, -0.4, 0.0, 0.3, 1.9, 5.0])
    scores = draw(st.lists(score, min_size=length, max_size=length))
    return [part / sum(parts) for part in parts], scores


@settings(max_examples=80, deadline=None)
@given(document=documents(), max_tvd=st.sampled_from([0.01, 0.05, 0.3]))
def test_the_range_of_the_top_weight_is_that_of_linear_programmes(
    make_attended, by_name, document, max_tvd
):
    weights, scores = document
    found = of(make_attended([weights], [scores]), by_name, max_tvd=max_tvd)
    least, largest = programmed_weights(weights, scores, max_tvd)
    assert found["d0", "least-top-weight"].value == pytest.approx(least, abs=1e-7)
    assert found["d0", "largest-top-weight"].value == pytest.approx(largest, abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(document=documents())
def test_the_rescale_interval_ends_where_the_output_has_moved_as_far_as_it_may(
    make_attended, by_name, document
):
    weights, scores = document
    top = int(np.argmax(weights))
    assume(sorted(weights)[-2] < weights[top] < 1)
    found = of(make_attended([weights], [scores]), by_name)
    own = 1 / (1 + math.exp(-float(np.dot(weights, scores))))

    def excess(weight):
        rest = [w * (1 - weight) / (1 - weights[top]) for w in weights]
        rest[top] = weight
        return abs(1 / (1 + math.exp(-float(np.dot(rest, scores)))) - own) - MAX_TVD

    low, high = (found["d0", f"rescale-{end}"].value for end in ("low", "high"))
    assert low <= weights[top] <= high
    for end, border in ((low, 0.0), (high, 1.0)):
        expected = border if excess(border) <= 0 else brentq(excess, border, weights[top])
        assert end == pytest.approx(expected, abs=1e-9)
    assert found["d0", "rescale-width"].value == pytest.approx(high - low)


def test_the_range_of_outputs_is_that_of_all_weight_on_one_token(make_attended, by_name):
    found = of(make_attended([[0.5, 0.3, 0.2]], [[2.0, -1.0, 0.3]], bias=[0.7]), by_name)
    low, high = (1 / (1 + math.exp(-logit)) for logit in (-0.3, 2.7))
    assert found["d0", "lowest-output"].value == pytest.approx(low)
    assert found["d0", "highest-output"].value == pytest.approx(high)
    assert found["d0", "output-width"].value == pytest.approx(high - low)


def test_two_classes_and_one_sigmoid_say_the_same(make_attended, by_name):
    weights, scores = [[0.5, 0.3, 0.2]], [2.0, -1.0, 0.3]
    sigmoid = of(make_attended(weights, [scores], bias=[0.7]), by_name)
    two = make_attended(
        weights, [[[1.0, 1.0 + score] for score in scores]], link="softmax", bias=[0.1, 0.8]
    )
    softmax = of(two, by_name)
    assert {name: row.value for name, row in softmax.items()} == pytest.approx(
        {name: row.value for name, row in sigmoid.items()}
    )


def test_the_null_is_the_mean_of_the_same_over_shuffles(make_attended, by_name):
    weights, scores = [0.6, 0.3, 0.1], [3.0, 0.0, -2.0]
    found = of(make_attended([weights], [scores]), by_name, draws=3000)
    every = [
        programmed_weights(list(order), scores, MAX_TVD)
        for order in (
            *((0.6, 0.3, 0.1), (0.6, 0.1, 0.3), (0.3, 0.6, 0.1)),
            *((0.3, 0.1, 0.6), (0.1, 0.6, 0.3), (0.1, 0.3, 0.6)),
        )
    ]
    least, largest = np.mean(every, axis=0)
    # A mean of 3,000 draws of a number in [0, 1] is off by more than 0.05 once in 10^7 runs.
    assert found["d0", "least-top-weight-null"].value == pytest.approx(least, abs=0.05)
    assert found["d0", "largest-top-weight-null"].value == pytest.approx(largest, abs=0.05)


def test_the_only_token_has_all_the_weight_and_no_others_to_rescale(make_attended, by_name):
    found = of(make_attended([[1.0]], [[2.0]]), by_name)
    assert found["d0", "least-top-weight"].value == found["d0", "largest-top-weight"].value == 1.0
    assert found["d0", "rescale-width"].undefined == "all weight on one token"
    assert found["d0", "output-width"].value == 0.0


def test_weight_on_one_token_alone_leaves_the_others_without_proportions(make_attended, by_name):
    found = of(make_attended([[0.0, 1.0, 0.0]], [[2.0, 0.0, 1.0]]), by_name)
    assert found["d0", "rescale-low"].undefined == "all weight on one token"
    assert found["d0", "least-top-weight"].undefined is None


@pytest.mark.parametrize("gap", [34.0, 38.0, 80.0])
def test_others_of_hardly_any_weight_have_proportions_still(make_attended, by_name, gap):
    tail = [math.exp(-gap) * share for share in (0.2, 0.5, 0.3)]
    scores = [2.0, -1.0, 0.5, 3.0]
    found = of(make_attended([[1.0, *tail]], [scores]), by_name)
    rest = 0.2 * -1.0 + 0.5 * 0.5 + 0.3 * 3.0
    low, _ = slab(2.0, MAX_TVD)
    assert found["d0", "rescale-low"].value == pytest.approx((low - rest) / (2.0 - rest), abs=1e-9)
    assert found["d0", "rescale-high"].value == 1.0


def test_a_saturated_output_leaves_every_weight_free(make_attended, by_name):
    found = of(make_attended([[0.8, 0.1, 0.1]], [[40.0, 30.0, 20.0]]), by_name)
    assert found["d0", "least-top-weight"].value == 0.0
    assert found["d0", "largest-top-weight"].value == 1.0
    assert found["d0", "rescale-width"].value == 1.0


def test_padding_changes_nothing(make_attended, by_name):
    weights, scores = [0.5, 0.3, 0.2], [2.0, -1.0, 0.3]
    alone = of(make_attended([weights], [scores]), by_name)
    longer = [[0.1] * 10, [9.0] * 5 + [-9.0] * 5]
    beside = of(make_attended([weights, longer[0]], [scores, longer[1]]), by_name)
    for name, row in alone.items():
        assert beside[name].value == pytest.approx(row.value, abs=1e-12)


THREE = [[2.0, 0.0, -1.0], [-1.0, 1.0, 3.0], [0.0, 0.5, 0.0]]


def test_with_three_classes_the_outputs_are_those_of_the_predicted_class(make_attended, by_name):
    attended = make_attended([[0.5, 0.3, 0.2]], [THREE], link="softmax", bias=[0.1, 0.0, 0.2])
    found = of(attended, by_name)
    tried = np.random.default_rng(0).dirichlet([0.3] * 3, size=20_000) @ np.array(THREE)
    outputs = softmax(tried + np.array([0.1, 0.0, 0.2]), axis=1)[:, 0]
    assert int(attended.probabilities.argmax()) == 0
    lowest, highest = (found["d0", f"{end}-output"] for end in ("lowest", "highest"))
    assert lowest.kind is Bound.EXACT
    assert lowest.value <= outputs.min() <= lowest.value + 0.01
    assert highest.kind is Bound.INTERVAL
    assert highest.value - 0.01 <= outputs.max() <= highest.upper
    width = found["d0", "output-width"]
    assert (width.lower, width.upper) == pytest.approx(
        (highest.lower - lowest.value, highest.upper - lowest.value)
    )


def test_with_three_classes_the_top_weight_is_rescaled_and_not_bounded(make_attended, by_name):
    weights = [[0.5, 0.3, 0.2], [1.0]]
    attended = make_attended(weights, [THREE, THREE[:1]], link="softmax")
    found = of(attended, by_name)
    ends = rescaled_top(
        attended.attention[:1, None],
        attended.mask[:1],
        attended.readout.scores[:1],
        max_tvd=MAX_TVD,
    )
    for name, end in zip(("low", "high"), ends, strict=True):
        assert found["d0", f"rescale-{name}"].value == pytest.approx(float(end))
        assert found["d0", f"rescale-{name}-null"].undefined is None
    assert found["d1", "rescale-low"].undefined == "all weight on one token"
    assert found["d0", "least-top-weight"].undefined == "no closed form for several classes"


def test_all_is_undefined_where_the_output_is_not_linear_in_attention(make_attended, by_name):
    linear = of(make_attended([[0.7, 0.3]], [[1.0, 2.0]]), by_name)
    hidden = of(make_attended([[0.7, 0.3]], [[1.0, 2.0]], opaque=True), by_name)
    three = of(make_attended([[0.5, 0.3, 0.2]], [THREE], link="softmax"), by_name)
    assert hidden.keys() == linear.keys() == three.keys()
    causes = {row.undefined for row in hidden.values()}
    assert causes == {"output not linear in attention up to its link"}
