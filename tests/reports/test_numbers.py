from attnaudit.reports.numbers import shown


def test_three_decimals_are_shown_and_nothing_is_invented_for_none():
    assert shown(0.12345) == "0.123"
    assert shown(-0.9996) == "-1.000"
    assert shown(None) == "undefined"
