import numpy as np

from attnaudit.reports.html.series import Column
from attnaudit.reports.html.worst import worst
from attnaudit.verdicts.evidence import CONSTANT_ATTENTION


def column(*values):
    """Numbers are values, words the causes of values that there are not."""
    causes = {index: one for index, one in enumerate(values) if isinstance(one, str)}
    numbers = np.array([np.nan if isinstance(one, str) else one for one in values])
    return Column(value=numbers, upper=numbers, undefined=causes)


def test_the_least_values_speak_most_against_a_claim_of_at_least():
    assert worst(column(0.3, 0.1, 0.2), direction="at_least", most=2) == (1, 2)
    assert worst(column(0.3, 0.1, 0.2), direction="at_most", most=2) == (0, 2)


def test_ties_stay_in_the_order_of_the_documents():
    for direction in ("at_least", "at_most"):
        assert worst(column(0.3, 0.3, 0.3), direction=direction, most=3) == (0, 1, 2)


def test_constant_attention_comes_before_the_worst_value_whatever_the_direction():
    values = column(0.3, CONSTANT_ATTENTION, 0.1)
    assert worst(values, direction="at_least", most=3) == (1, 2, 0)
    assert worst(values, direction="at_most", most=2) == (1, 0)


def test_a_document_that_has_no_value_for_another_reason_is_left_out():
    assert worst(column("one token", 0.1), direction="at_least", most=2) == (1,)


def test_documents_of_constant_attention_leave_room_for_those_with_a_value():
    values = column(*[CONSTANT_ATTENTION] * 30, *[0.1] * 30)
    chosen = worst(values, direction="at_least", most=20)
    assert len(chosen) == 20
    assert 0 < sum(one < 30 for one in chosen) < 10
    assert worst(values, direction="at_least", most=2) == (0, 1)
    assert worst(values, direction="at_least", most=0) == ()
