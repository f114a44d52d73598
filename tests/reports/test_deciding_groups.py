import pytest

from attnaudit.records import Outcome
from attnaudit.reports.deciding_groups import deciding_groups

SUPPORTED, REFUTED, INCONCLUSIVE = Outcome.SUPPORTED, Outcome.REFUTED, Outcome.INCONCLUSIVE
GROUPS = (("a", SUPPORTED), ("b", INCONCLUSIVE), ("c", REFUTED), ("d", REFUTED))


def deciding(make_row, outcome, low, high, **changes):
    groups = [make_row(group=name, outcome=one) for name, one in GROUPS]
    return deciding_groups(make_row(outcome=outcome, low=low, high=high, **changes), groups)


@pytest.mark.parametrize(
    ("outcome", "low", "high", "names"),
    [
        pytest.param(REFUTED, 0.5, 0.7, ("c", "d"), id="all-documents-would-support"),
        pytest.param(REFUTED, 0.05, 0.2, ("c", "d"), id="all-documents-leave-it-open"),
        pytest.param(REFUTED, 0.01, 0.02, (), id="all-documents-refute-too"),
        pytest.param(INCONCLUSIVE, 0.1, 0.7, ("b",), id="only-a-group-leaves-it-open"),
        pytest.param(INCONCLUSIVE, 0.05, 0.2, (), id="all-documents-leave-it-open-too"),
        pytest.param(INCONCLUSIVE, None, None, (), id="no-document"),
        pytest.param(INCONCLUSIVE, 0.7, 0.5, (), id="looks-contradict-each-other"),
        pytest.param(SUPPORTED, 0.5, 0.7, (), id="supported"),
        pytest.param(Outcome.ERROR, None, None, (), id="error"),
    ],
)
def test_groups_are_named_where_all_documents_together_would_have_decided_otherwise(
    make_row, outcome, low, high, names
):
    assert deciding(make_row, outcome, low, high) == names
    # The same claim the other way round.
    turned = {"at_least": None, "at_most": -0.1}
    ends = (None, None) if low is None else (-high, -low)
    assert deciding(make_row, outcome, *ends, **turned) == names


def test_of_a_claim_without_a_threshold_no_side_is_told(make_row):
    nothing = {"at_least": None, "at_most": None}
    assert deciding(make_row, INCONCLUSIVE, 0.5, 0.7, **nothing) == ()
