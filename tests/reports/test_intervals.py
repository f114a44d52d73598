from attnaudit.reports.intervals import interval_lines


def test_a_claim_without_such_intervals_has_no_line(make_row):
    assert interval_lines([make_row()]) == []


def test_each_group_has_a_line_under_the_name_of_the_claim(make_row):
    rows = [
        make_row(unadjusted=(0.011, 0.013), bca=(0.0115, 0.0125)),
        make_row(group="predicted=yes", unadjusted=(0.0, 1.0), low=None, high=None),
    ]
    assert interval_lines(rows) == [
        "news, order-matters: mean tvd",
        "  overall: decides [0.010, 0.020], alone [0.011, 0.013], bootstrap [0.011, 0.013]",
        "  predicted=yes: decides -, alone [0.000, 1.000], bootstrap -",
    ]


def test_two_sites_of_a_model_are_told_apart(make_row):
    rows = [make_row(site=site, unadjusted=(0.0, 1.0)) for site in ("layer.0", "layer.1")]
    titles = interval_lines(rows)[::2]
    assert titles == [
        "news/layer.0, order-matters: mean tvd",
        "news/layer.1, order-matters: mean tvd",
    ]


def test_no_name_or_class_drives_the_terminal(make_row):
    hostile = {"model": "\x1b[1m", "id": "\x1b[2m", "unadjusted": (0.0, 1.0)}
    lines = interval_lines([make_row(**hostile), make_row(**hostile, group="label=\x1b[3m")])
    assert "".join(lines).count("\\x1b") == 3
    assert "".join(lines).isprintable()
