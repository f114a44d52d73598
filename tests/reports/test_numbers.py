from attnaudit.reports.numbers import shown, shown_ends


def test_three_decimals_are_shown_and_nothing_is_invented_for_none():
    assert shown(0.12345) == "0.123"
    assert shown(-0.9996) == "-1.000"
    assert shown(None) == "undefined"


def test_an_interval_has_both_ends_or_a_dash():
    assert shown_ends((0.5, 1.0)) == "[0.500, 1.000]"
    assert shown_ends(None) == "-"
