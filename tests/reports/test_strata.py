from attnaudit.reports.strata import stratum_lines
from attnaudit.store.run import StratumRow


def test_each_stratum_is_one_line_with_its_estimate_and_documents(make_row):
    strata = (
        StratumRow(name="below 0.75", n=30, undefined=0, estimate=0.912),
        StratumRow(name="0.75-0.95", n=12, undefined=12, estimate=None),
        StratumRow(name="0.99+", n=0, undefined=0, estimate=None),
    )
    assert stratum_lines([make_row(strata=strata)]) == [
        "news, order-matters: mean tvd by confidence",
        "  below 0.75  0.912      30 documents",
        "  0.75-0.95   undefined  12 documents, 12 of them undefined",
        "  0.99+       -          0 documents",
    ]


def test_a_row_without_strata_has_no_line(make_row):
    assert stratum_lines([make_row(), make_row(group="predicted=yes")]) == []


def test_two_sites_of_a_model_are_told_apart(make_row):
    strata = (StratumRow(name="0.99+", n=1, undefined=0, estimate=0.5),)
    rows = [make_row(site=site, strata=strata) for site in ("layer.0", "layer.1")]
    assert [line.split(",")[0] for line in stratum_lines(rows)[::2]] == [
        "news/layer.0",
        "news/layer.1",
    ]


def test_no_name_drives_the_terminal(make_row):
    strata = (StratumRow(name="0.99+", n=1, undefined=0, estimate=0.5),)
    text = "".join(stratum_lines([make_row(model="\x1b[1m", id="\x1b[2m", strata=strata)]))
    assert text.count("\\x1b") == 2
    assert text.isprintable()
