import pytest

from attnaudit.reports.html.strips import strips
from attnaudit.reports.verdict_table import ClaimRows


def test_places_keep_the_order_and_proportion_of_the_numbers(make_row):
    row = make_row(low=0.2, high=0.6, estimate=0.3, at_least=0.1)
    [strip] = strips(ClaimRows(overall=row, groups=()))
    assert strip.threshold < strip.low < strip.estimate < strip.high
    assert (strip.high - strip.low) / (strip.estimate - strip.low) == pytest.approx(4)
    assert strip.above


def test_all_rows_of_a_claim_have_one_scale(make_row):
    rows = [make_row(low=0.0, high=0.4), make_row(low=0.2, high=0.8, group="label=a")]
    first, second = strips(ClaimRows(overall=rows[0], groups=(rows[1],)))
    assert first.threshold == second.threshold
    assert first.high < second.high
    assert (first.high - first.low) * 1.5 == pytest.approx(second.high - second.low)


def test_a_claim_that_something_is_at_most_lies_below_its_threshold(make_row):
    [strip] = strips(ClaimRows(overall=make_row(at_least=None, at_most=0.1), groups=()))
    assert not strip.above


@pytest.mark.parametrize("missing", [{"low": None, "high": None, "estimate": None}])
def test_a_row_without_an_interval_has_no_strip(make_row, missing):
    assert strips(ClaimRows(overall=make_row(**missing), groups=())) == (None,)


def test_an_interval_without_an_estimate_is_still_drawn(make_row):
    [strip] = strips(ClaimRows(overall=make_row(estimate=None), groups=()))
    assert strip.estimate is None


def test_a_null_has_its_place_on_the_scale_of_its_claim(make_row):
    claim = make_row(low=0.2, high=0.6, estimate=0.3, at_least=0.1, null=0.9)
    [strip] = strips(ClaimRows(overall=claim, groups=()))
    assert strip.low < strip.high < strip.null <= 100
    assert strips(ClaimRows(overall=make_row(), groups=()))[0].null is None
