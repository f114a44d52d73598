import math

from attnaudit.measurements.rows import exact_row
from attnaudit.records import Bound


def test_an_exact_row_is_its_own_lower_and_upper_bound():
    row = exact_row(("d", 3), "tvd", 0.25)
    assert (row.document, row.unit, row.quantity) == ("d", 3, "tvd")
    assert row.value == row.lower == row.upper == 0.25
    assert row.kind is Bound.EXACT
    assert row.undefined is None


def test_an_undefined_row_keeps_its_cause_and_no_number():
    row = exact_row(("d", 0), "tvd", 0.25, undefined="one token")
    assert row.undefined == "one token"
    assert all(math.isnan(number) for number in (row.value, row.lower, row.upper))
