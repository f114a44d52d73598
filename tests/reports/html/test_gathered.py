import pytest

from attnaudit.records import Outcome
from attnaudit.reports.html import gathered, render_page
from attnaudit.reports.html.gathered import gather

MOST = 6


@pytest.fixture(autouse=True)
def small_page(monkeypatch):
    """A page with room for little, so that little has to be drawn to fill it."""
    monkeypatch.setattr(gathered, "MOST_EXHIBITS", MOST)
    monkeypatch.setattr(gathered, "MOST_CARDS", 4)
    monkeypatch.setattr(gathered, "MOST_CARDS_IN_ALL", 14)


def measured_in_many_ways(whole_run, make_row, count):
    """A run of one claim for each of many measurements by one audit; the last is the worst."""
    whole_run.keys, whole_run.audits = {}, {}
    for number in range(count):
        label = f"permutation {number}"
        whole_run.audits[label] = "permutation"
        whole_run.keys[label] = f"{number:064x}"
    rows = [
        make_row(id=f"claim-{number}", measurement=label, outcome=Outcome.SUPPORTED, model="news")
        for number, label in enumerate(whole_run.keys)
    ]
    whole_run.claims = [*rows[:-1], rows[-1].model_copy(update={"outcome": Outcome.REFUTED})]
    whole_run.add(*({"name": f"d{number}"} for number in range(30)))
    return whole_run.finish()


def shown_of(run, whole_run):
    return [one for section in gather(run, whole_run.directory) for one in section.shown]


@pytest.mark.parametrize(("exhibits", "cards"), [(1, 4), (3, 12), (4, 12), (6, 12), (9, 12)])
def test_no_more_documents_are_shown_than_a_page_may_hold(whole_run, make_row, exhibits, cards):
    shown = shown_of(measured_in_many_ways(whole_run, make_row, exhibits), whole_run)
    assert len(shown) == exhibits
    assert sum(len(one.cards) for one in shown) == cards


def test_exhibits_beyond_what_a_page_may_hold_are_named_and_said_to_be_left_out(
    whole_run, make_row
):
    run = measured_in_many_ways(whole_run, make_row, MOST + 2)
    shown = shown_of(run, whole_run)
    assert [one.left_out for one in shown] == [False] * MOST + [True] * 2
    assert all(one.pictures and one.cards for one in shown[:MOST])
    assert not any(one.pictures or one.cards for one in shown[MOST:])
    page = render_page(run, whole_run.directory)
    assert page.count("Pictures and documents are left out") == 2
    assert page.count("Measured: tvd") == MOST + 2
