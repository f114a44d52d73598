from attnaudit.measurements.enclosed_row import enclosed_row
from attnaudit.records import Bound


def test_the_value_is_the_end_that_is_attained():
    row = enclosed_row(("d0", 2), "share", lower=0.25, upper=0.75)
    assert (row.document, row.unit, row.quantity) == ("d0", 2, "share")
    assert (row.lower, row.value, row.upper) == (0.25, 0.25, 0.75)
    assert row.kind is Bound.INTERVAL
