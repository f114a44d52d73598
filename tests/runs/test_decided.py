import pytest

from attnaudit.claims import default_claims
from attnaudit.errors import InternalError
from attnaudit.runs.decided import decide_rows


def decide(claim, read, *, grows=False):
    ends = (30, 60, 120) if grows else (120,)
    return decide_rows(
        claim, read, level=0.025, ends=ends, grows=grows, model="model", site="attention"
    )


@pytest.fixture
def asked(faithful_run):
    """Reads what a run has stored, and notes what it was asked for."""
    [entry] = faithful_run.run.models

    def make(claim, *, without=()):
        seen = []

        def read(drawn, quantity):
            seen.append((drawn, quantity))
            if quantity in without:
                return None
            key = faithful_run.measurement_key(entry, claim)
            return faithful_run.first_measurement(entry, claim, key, look=None, quantity=quantity)

        return read, seen

    return make


def claim(name):
    return next(one for one in default_claims().claims if one.id == name)


@pytest.mark.parametrize("grows", [False, True])
def test_a_measurement_is_read_once_for_each_look(asked, grows):
    one = claim("order-matters")
    read, seen = asked(one)
    rows = decide(one, read, grows=grows)
    own = [drawn for drawn, quantity in seen if quantity == one.quantity]
    assert own == ([30] if grows else [120])
    assert rows[0].group == "overall"


def test_a_null_that_was_not_measured_leaves_its_place_empty(asked):
    one = claim("ranks-like-gradient")
    assert one.null_quantity is not None
    with_null, _ = asked(one)
    without, _ = asked(one, without=[one.null_quantity])
    assert decide(one, with_null)[0].null is not None
    assert decide(one, without)[0].null is None


def test_a_claim_whose_own_quantity_is_missing_is_an_error_of_the_tool(asked):
    one = claim("order-matters")
    read, _ = asked(one, without=[one.quantity])
    with pytest.raises(InternalError, match="permutation measured no tvd"):
        decide(one, read)
