from attnaudit.reports.markdown_lines import heading_lines, provenance_line, verdict_line


def cells(line):
    return [cell.strip() for cell in line.split(" | ")]


def test_every_number_stands_under_its_heading(make_row):
    row = make_row(null=0.25, undefined=3)
    line = verdict_line(row, outcome="**refuted**", claim="*it*", claimed="mean tvd >= 0.1")
    heading, rule = heading_lines()
    found = dict(zip(cells(heading), cells(line), strict=True))
    assert len(cells(rule)) == len(found)
    assert found["Measured"] == "0.012"
    assert found["Null"] == "0.250"
    assert found["Decision interval"] == "\\[0.010, 0.020\\]"
    assert found["Documents |"] == "200 (3 undefined) |"


def test_outcome_and_claim_are_markdown_already_and_the_rest_is_text(make_row):
    line = verdict_line(make_row(), outcome="**a**", claim="*b*", claimed="*c*")
    assert line.startswith("| **a** | *b* | \\*c\\* |")


def test_the_provenance_is_one_item_whatever_the_names_hold(make_run):
    [entry] = make_run().models
    entry = entry.model_copy(update={"claims_source": "a\n# b <b>"})
    line = provenance_line("news", entry)
    assert line.startswith("- news\\: weights wwww")
    assert "200 documents from 20news-sports" in line
    assert "claims from a \\# b &lt;b&gt; with digest" in line
