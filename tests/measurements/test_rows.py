import math

from attnaudit.measurements.rows import exact_row, rows_beside_null
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


def beside(**causes):
    rows = rows_beside_null(("d", 1), "tau", 0.75, 0.25, **causes)
    return {row.quantity: row for row in rows}


def test_a_value_its_null_and_their_difference_go_by_their_names():
    found = beside()
    assert {name: row.value for name, row in found.items()} == {
        "tau": 0.75,
        "tau-null": 0.25,
        "tau-above-null": 0.5,
    }
    assert {(row.document, row.unit) for row in found.values()} == {("d", 1)}


def test_a_difference_lacks_what_either_lacks_and_says_what_the_value_lacks():
    value, null, both = (
        {name: row.undefined for name, row in beside(**causes).items()}
        for causes in (
            {"undefined": "a"},
            {"null_undefined": "b"},
            {"undefined": "a", "null_undefined": "b"},
        )
    )
    assert value == {"tau": "a", "tau-null": None, "tau-above-null": "a"}
    assert null == {"tau": None, "tau-null": "b", "tau-above-null": "b"}
    assert both == {"tau": "a", "tau-null": "b", "tau-above-null": "a"}
