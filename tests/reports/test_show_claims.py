import io

import pytest
from rich.console import Console

from attnaudit.reports.show_claims import claims_table, reading
from attnaudit.reports.show_values import ClaimValue, StoredDocument
from attnaudit.store.rows import measurement_label


def row(value, **changes):
    return {"value": value, "lower": value, "upper": value, "undefined": None} | changes


def between(lower, upper):
    """What a search leaves: the lower end is what it found."""
    return row(lower, upper=upper)


@pytest.mark.parametrize(
    ("claim", "stored_row", "expected"),
    [
        ({"at_least": 0.5}, row(0.5), "for it"),
        ({"at_least": 0.5}, row(0.49), "against it"),
        ({"at_least": None, "at_most": 0.5}, row(0.5), "for it"),
        ({"at_least": None, "at_most": 0.5}, row(0.51), "against it"),
        ({"statistic": "fraction", "fraction_above": 0.2}, row(0.3), "above 0.2"),
        ({"statistic": "fraction", "fraction_above": 0.2}, row(0.2), "not above 0.2"),
        ({"at_least": 0.4}, between(0.4, 0.6), "for it"),
        ({"at_least": 0.5}, between(0.4, 0.6), "open: between 0.400 and 0.600"),
        ({"at_least": 0.6}, between(0.4, 0.6), "open: between 0.400 and 0.600"),
        ({"at_least": 0.61}, between(0.4, 0.6), "against it"),
        ({"at_least": None, "at_most": 0.6}, between(0.4, 0.6), "for it"),
        ({"at_least": None, "at_most": 0.5}, between(0.4, 0.6), "open: between 0.400 and 0.600"),
        ({"at_least": None, "at_most": 0.4}, between(0.4, 0.6), "open: between 0.400 and 0.600"),
        ({"at_least": None, "at_most": 0.39}, between(0.4, 0.6), "against it"),
        ({"statistic": "fraction", "fraction_above": 0.3}, between(0.4, 0.6), "above 0.3"),
        (
            {"statistic": "fraction", "fraction_above": 0.5},
            between(0.4, 0.6),
            "open: between 0.400 and 0.600",
        ),
        ({"statistic": "fraction", "fraction_above": 0.6}, between(0.4, 0.6), "not above 0.6"),
        ({"min_tokens": 5}, row(0.5), "no part of it: under 5 tokens"),
        ({}, row(float("nan"), undefined="constant attention"), "undefined: constant attention"),
        ({}, None, "not measured"),
    ],
)
def test_a_value_is_read_by_the_claim(make_claim, claim, stored_row, expected):
    assert reading(ClaimValue(claim=make_claim(**claim), stored=stored_row), length=4) == expected


@pytest.fixture
def text_of(make_run):
    """What is printed of one claim about a document, beside what a run decided."""

    def show(claim, rows, *, stored=None):
        [entry] = make_run().models
        values = (ClaimValue(claim=claim, stored=stored or row(0.5)),)
        document = StoredDocument(entry=entry, row={"length": 4}, witness=None, values=values)
        stream = io.StringIO()
        Console(file=stream, width=200).print(claims_table(document, rows))
        return " ".join(stream.getvalue().split())

    return show


@pytest.mark.parametrize(
    ("other", "taken"),
    [
        ({}, True),
        ({"measurement": "permutation 100"}, True),
        ({"measurement": "permutation 20"}, False),
        ({"audit": "adversary"}, False),
        ({"quantity": "tvd-of-something"}, False),
        ({"statistic": "median"}, False),
        ({"statement": "another sentence"}, False),
        ({"at_least": 0.1}, False),
        ({"at_least": None, "at_most": 0.5}, False),
        ({"model": "films"}, False),
        ({"site": "layer.0"}, False),
        ({"group": "predicted=yes"}, False),
    ],
)
def test_a_decision_on_another_claim_of_the_same_name_is_not_shown(
    text_of, make_claim, make_row, other, taken
):
    claim = make_claim()
    assert measurement_label(claim) == "permutation 100"
    same = {"id": claim.id, "statement": "s", "quantity": claim.quantity, "at_least": 0.5}
    text = text_of(claim, [make_row(**(same | other))])
    assert text.endswith("; all documents 0.012, refuted") == taken


def test_what_is_claimed_is_shown_also_where_the_run_decided_nothing_on_it(text_of, make_claim):
    assert text_of(make_claim(), []).endswith("for it; claimed mean tvd >= 0.5")


def test_a_value_that_is_not_known_is_shown_by_both_its_ends(text_of, make_claim):
    assert "a-claim 0.400 to 0.600 -" in text_of(make_claim(), [], stored=between(0.4, 0.6))
