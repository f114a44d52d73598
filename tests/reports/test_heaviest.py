from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.reports.heaviest import heaviest


def test_equal_weights_come_in_the_order_of_the_text():
    assert heaviest([0.25, 0.5, 0.25], most=2) == [1, 0]


def test_a_position_without_weight_is_never_among_them():
    assert heaviest([0.0, 1.0, 0.0], most=3) == [1]


@settings(max_examples=50, deadline=None)
@given(weights=st.lists(st.floats(0, 1), max_size=8), most=st.integers(0, 9))
def test_nothing_left_out_is_heavier_than_anything_chosen(weights, most):
    chosen = heaviest(weights, most=most)
    assert len(set(chosen)) == len(chosen) <= most
    left_out = [weight for place, weight in enumerate(weights) if place not in chosen]
    lightest = min((weights[place] for place in chosen), default=1.0)
    if len(chosen) == most > 0:
        assert max(left_out, default=0.0) <= lightest
    else:
        assert most == 0 or not any(left_out)
