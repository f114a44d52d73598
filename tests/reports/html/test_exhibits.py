import re

import pytest

from attnaudit.records import Outcome
from attnaudit.reports.html import render_page
from attnaudit.reports.html.exhibits import sections


@pytest.fixture
def searched(whole_run, numbered):
    """A page of a run whose adversary was measured twice, with the parameters of both."""

    def render(first, second):
        whole_run.measured_again("adversary", "adversary search")
        whole_run.add(*numbered(5))
        whole_run.parameters = {"adversary": first, "adversary search": second}
        return render_page(whole_run.finish(), whole_run.directory)

    return render


EXACT = {"max_tvd": 0.05, "method": "auto"}
SEARCH = {"max_tvd": 0.05, "method": "search"}


def test_a_measurement_says_how_it_was_made(searched):
    page = searched(EXACT, SEARCH)
    settings = re.findall(r'class="settings">with (max[^<]*)<', page)
    assert settings == ["max tvd 0.05, method auto", "max tvd 0.05, method search"]


def test_the_search_stands_beside_what_was_not_searched_for_and_not_beside_itself(searched):
    assert searched(EXACT, SEARCH).count("by the gradient search of Jain") == 1


@pytest.mark.parametrize("other", [{"max_tvd": 0.1, "method": "search"}, EXACT])
def test_only_a_search_that_may_go_as_far_is_compared_with(searched, other):
    assert "by the gradient search of Jain" not in searched(EXACT, other)


def test_an_audit_without_a_measurement_has_its_verdict_and_no_exhibit(whole_run, make_row):
    whole_run.add({"name": "a"})
    whole_run.claims = [make_row(audit="erasure", outcome=Outcome.INCONCLUSIVE)]
    page = render_page(whole_run.finish(), whole_run.directory)
    assert "inconclusive" in page
    assert "Measured:" not in page


def test_a_claim_stands_with_the_measurement_that_it_was_judged_by(whole_run, make_row):
    whole_run.measured_again("agreement", "agreement leave-one-out")
    whole_run.add({"name": "a"})
    whole_run.claims = [
        make_row(id=one, audit="agreement", quantity="tau", measurement=label)
        for one, label in (("slopes", "agreement"), ("deletions", "agreement leave-one-out"))
    ]
    [section] = sections(whole_run.finish(), whole_run.directory)
    assert {one.measurement: [row.id for row in one.claims] for one in section.exhibits} == {
        "agreement": ["slopes"],
        "agreement leave-one-out": ["deletions"],
    }


def test_a_claim_that_does_not_say_its_measurement_stands_with_each(whole_run, make_row):
    whole_run.measured_again("agreement", "agreement leave-one-out")
    whole_run.add({"name": "a"})
    whole_run.claims = [make_row(id="old", audit="agreement", quantity="tau")]
    [section] = sections(whole_run.finish(), whole_run.directory)
    assert [[row.id for row in one.claims] for one in section.exhibits] == [["old"], ["old"]]
