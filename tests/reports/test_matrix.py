from attnaudit.records import Outcome
from attnaudit.reports.matrix import matrix_lines


def test_one_model_needs_no_table_of_models(make_row):
    assert matrix_lines([make_row(), make_row(id="other"), make_row(group="predicted=yes")]) == []


def test_each_claim_has_a_line_and_each_model_a_column(make_row):
    rows = [
        make_row(),
        make_row(model="old", outcome=Outcome.SUPPORTED, required=False),
        make_row(model="old", id="only-there", outcome=Outcome.INCONCLUSIVE),
        make_row(model="old", group="predicted=yes"),
    ]
    assert [line.split("  ")[0] for line in matrix_lines(rows)] == [
        "claim",
        "order-matters",
        "only-there",
    ]
    assert [line.split() for line in matrix_lines(rows)] == [
        ["claim", "news", "old"],
        ["order-matters", "refuted", "supported", "(advisory)"],
        ["only-there", "-", "inconclusive"],
    ]


def test_columns_line_up(make_row):
    lines = matrix_lines([make_row(), make_row(model="old"), make_row(id="a-much-longer-claim")])
    assert len({line.index("refuted") for line in lines[1:]}) == 1


def test_several_sites_of_one_model_are_columns_of_their_own(make_row):
    lines = matrix_lines([make_row(site="layer.0"), make_row(site="layer.1")])
    assert lines[0].split() == ["claim", "news/layer.0", "news/layer.1"]


def test_no_name_drives_the_terminal(make_row):
    rows = [make_row(model="\x1b[1m", site=site, id="\x1b[2m") for site in ("a", "\x1b[3m")]
    text = "".join(matrix_lines(rows))
    assert text.count("\\x1b") == 4
    assert text.isprintable()
