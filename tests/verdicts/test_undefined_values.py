import math

import pytest

from attnaudit.records import Outcome
from attnaudit.verdicts import CONSTANT_ATTENTION, judge

LEVEL = 0.025
OTHER_CAUSE = "constant importance"


def outcome_of(claim, measurement, level=LEVEL):
    return judge(claim, measurement, level=level).outcome


@pytest.mark.parametrize("cause", [CONSTANT_ATTENTION, OTHER_CAUSE])
@pytest.mark.parametrize("undefined", ["by-cause", "fails", "either"])
def test_a_model_that_is_undefined_on_nearly_all_documents_never_wins(
    agreement, measured, cause, undefined
):
    claim = agreement(undefined=undefined)
    few_easy_ones = [cause] * 475 + [1.0] * 25
    verdict = judge(claim, measured(claim, few_easy_ones), level=LEVEL)

    assert verdict.outcome is not Outcome.SUPPORTED
    assert verdict.rows[0].estimate == 1
    assert verdict.rows[0].undefined == 475
    assert verdict.causes == {cause: 475}


def test_constant_attention_refutes_an_agreement_claim(agreement, measured):
    claim = agreement()
    verdict = judge(claim, measured(claim, [CONSTANT_ATTENTION] * 60), level=LEVEL)

    assert verdict.outcome is Outcome.REFUTED
    assert math.isnan(verdict.rows[0].estimate)
    assert verdict.rows[0].low == -1


def test_constant_attention_fails_an_at_most_claim_as_well(agreement, measured):
    claim = agreement(at_most=0.2)

    assert outcome_of(claim, measured(claim, [CONSTANT_ATTENTION] * 60)) is Outcome.REFUTED


@pytest.mark.parametrize(
    ("undefined", "cause", "expected"),
    [
        ("by-cause", OTHER_CAUSE, Outcome.INCONCLUSIVE),
        ("either", CONSTANT_ATTENTION, Outcome.INCONCLUSIVE),
        ("fails", OTHER_CAUSE, Outcome.REFUTED),
    ],
)
def test_what_an_undefined_value_counts_as_is_the_claims_choice(
    agreement, measured, undefined, cause, expected
):
    claim = agreement(undefined=undefined)
    verdict = judge(claim, measured(claim, [cause] * 60), level=LEVEL)

    assert verdict.outcome is expected
    assert (verdict.rows[0].reason is not None) == (expected is Outcome.INCONCLUSIVE)


def test_undefined_values_that_leave_both_sides_open_are_named_with_their_number(
    agreement, measured
):
    claim = agreement()
    values = [OTHER_CAUSE] * 30 + ["saturated output"] * 10 + [0.9] * 60
    [row] = judge(claim, measured(claim, values), level=LEVEL).rows

    assert "constant importance 30, saturated output 10" in row.reason


def test_a_few_undefined_values_do_not_keep_a_clear_claim_from_support(agreement, measured):
    claim = agreement()

    assert outcome_of(claim, measured(claim, [OTHER_CAUSE] * 3 + [0.95] * 97)) is Outcome.SUPPORTED
