import pytest

from attnaudit.adversaries import exact_adversary
from attnaudit.measurements.enclosed_share import enclosed_shares
from attnaudit.measurements.free_share import CURVE, free_share
from attnaudit.records import Bound

NAME = "share-of-free-maximum"


def of(attended, by_name, *, draws=5):
    return by_name(free_share(attended, max_tvd=0.05, draws=draws, seed=0))


@pytest.fixture
def attended(make_attended):
    return make_attended(
        [[0.7, 0.1, 0.1, 0.1], [0.5, 0.3, 0.2]], [[3.0, 0.1, -0.2, 0.0], [1.0, -2.0, 0.5]]
    )


def test_the_share_is_the_exact_divergence_over_the_largest_there_is(attended, by_name):
    found = of(attended, by_name)
    exact = exact_adversary(attended.attention, attended.mask, attended.readout, max_tvd=0.05)
    shares = (exact.divergence / exact.free_maximum).tolist()
    assert [found[name, NAME].value for name in ("d0", "d1")] == pytest.approx(shares)
    assert found["d0", f"{NAME}(0.05)"].value == found["d0", NAME].value


def test_the_curve_rises_with_the_distance(attended, by_name):
    found = of(attended, by_name)
    for name in ("d0", "d1"):
        curve = [found[name, f"{NAME}({limit:g})"].value for limit in CURVE]
        assert curve == sorted(curve)
        assert curve[0] < curve[-1]


def test_the_null_belongs_to_shuffled_attention(make_attended, by_name):
    # Two equal scores: only which token has the weight counts, and either is as likely.
    attended = make_attended([[0.9, 0.05, 0.05]], [[4.0, 0.0, 0.0]])
    found = of(attended, by_name, draws=600)
    elsewhere = make_attended([[0.05, 0.9, 0.05]], [[4.0, 0.0, 0.0]])
    expected = (found["d0", NAME].value + 2 * of(elsewhere, by_name)["d0", NAME].value) / 3
    assert found["d0", f"{NAME}-null"].value == pytest.approx(expected, abs=0.06)
    difference = found["d0", NAME].value - found["d0", f"{NAME}-null"].value
    assert found["d0", f"{NAME}-above-null"].value == pytest.approx(difference)
    assert difference < -0.1


def test_one_token_has_no_share(make_attended, by_name):
    found = of(make_attended([[1.0], [0.5, 0.5]], [[2.0], [1.0, 3.0]]), by_name)
    assert {row.undefined for (name, _), row in found.items() if name == "d0"} == {"one token"}
    assert {row.undefined for (name, _), row in found.items() if name == "d1"} == {None}


def test_with_three_classes_the_share_and_three_points_of_its_curve_are_enclosed(
    make_attended, by_name
):
    scores = [[2.0, 0.0, -1.0], [0.0, 1.0, 3.0], [0.0, 0.5, 0.0]]
    attended = make_attended([[0.6, 0.3, 0.1], [1.0]], [scores, scores[:1]], link="softmax")
    found = of(attended, by_name)
    defined = {name: row for (_, name), row in found.items() if row.undefined is None}
    assert {*defined} == {NAME, f"{NAME}(0.01)", f"{NAME}(0.05)", f"{NAME}(0.2)"}
    assert {row.kind for row in defined.values()} == {Bound.INTERVAL}
    ends = enclosed_shares(attended, max_tvd=0.05)
    for limit in (0.01, 0.05, 0.2):
        row = defined[f"{NAME}({limit:g})"]
        expected = (float(ends[limit].lower[0]), float(ends[limit].upper[0]))
        assert (row.value, row.upper) == expected
    assert defined[NAME].value == defined[f"{NAME}(0.05)"].value
    assert found["d0", f"{NAME}-null"].undefined == "not enclosed for several classes"
    assert found["d1", NAME].undefined == "one token"


def test_all_is_undefined_where_the_output_is_not_linear_in_attention(make_attended, by_name):
    linear = make_attended([[0.7, 0.3]], [[1.0, 2.0]])
    hidden = of(make_attended([[0.7, 0.3]], [[1.0, 2.0]], opaque=True), by_name)
    assert hidden.keys() == of(linear, by_name).keys()
    causes = {row.undefined for row in hidden.values()}
    assert causes == {"output not linear in attention up to its link"}
    three = [[[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]]]
    enclosed = of(make_attended([[0.7, 0.3]], three, link="softmax"), by_name)
    assert enclosed.keys() == hidden.keys()
