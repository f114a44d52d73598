import numpy as np
import pytest

from attnaudit.records import Outcome
from attnaudit.statistics import lower_bound, upper_bound
from attnaudit.verdicts import judge

LEVEL = 0.025


def outcome_of(claim, measurement, level=LEVEL):
    return judge(claim, measurement, level=level).outcome


def test_a_group_fails_the_claim_by_name(agreement, measured):
    claim = agreement(at_least=0.3, by=["predicted"])
    groups = {"predicted": ["no"] * 60 + ["yes"] * 240}
    verdict = judge(claim, measured(claim, [-0.2] * 60 + [0.95] * 240, groups=groups), level=LEVEL)

    assert verdict.outcome is Outcome.REFUTED
    assert {row.group: row.outcome for row in verdict.rows} == {
        "overall": Outcome.SUPPORTED,
        "predicted=no": Outcome.REFUTED,
        "predicted=yes": Outcome.SUPPORTED,
    }


def test_a_claim_that_holds_in_every_group_is_supported_at_the_undivided_level(agreement, measured):
    claim = agreement(by=["predicted"])
    generator = np.random.default_rng(4)
    values = generator.uniform(0.6, 1, 120)
    groups = {"predicted": ["no", "yes"] * 60}
    verdict = judge(claim, measured(claim, values, groups=groups), level=LEVEL)

    assert verdict.outcome is Outcome.SUPPORTED
    for row, members in zip(verdict.rows, [values, values[::2], values[1::2]], strict=True):
        scaled = (members + 1) / 2
        assert row.low == pytest.approx(2 * lower_bound(scaled, level=LEVEL) - 1)
        # Three rows are three chances to refute.
        assert row.high == pytest.approx(2 * upper_bound(scaled, level=LEVEL / 3) - 1)


def test_each_row_of_an_at_most_claim_divides_the_level_of_its_lower_end(adversary, measured):
    claim = adversary(by=["predicted"])
    values = np.random.default_rng(4).uniform(0, 0.8, 60)
    groups = {"predicted": ["no", "yes"] * 30}
    overall = judge(claim, measured(claim, values, groups=groups), level=LEVEL).rows[0]

    assert overall.low == pytest.approx(lower_bound(values, level=LEVEL / 3))
    assert overall.high == pytest.approx(upper_bound(values, level=LEVEL))


@pytest.mark.parametrize("value", [0.95, -0.9])
def test_a_group_under_twenty_documents_decides_nothing_and_says_so(agreement, measured, value):
    claim = agreement(by=["predicted"])
    groups = {"predicted": ["rare"] * 19 + ["usual"] * 400}
    verdict = judge(claim, measured(claim, [value] * 19 + [0.9] * 400, groups=groups), level=LEVEL)
    rare = verdict.rows[1]

    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert (rare.group, rare.outcome) == ("predicted=rare", Outcome.INCONCLUSIVE)
    assert rare.reason == "19 documents; a group under 20 decides nothing"
    assert verdict.rows[0].outcome is Outcome.SUPPORTED


def test_a_small_group_does_not_shield_a_claim_from_being_refuted(agreement, measured):
    claim = agreement(by=["predicted"])
    groups = {"predicted": ["rare"] * 5 + ["usual"] * 200}
    few_good = measured(claim, [1.0] * 5 + [0.0] * 200, groups=groups)

    assert outcome_of(claim, few_good) is Outcome.REFUTED


def test_a_grouping_that_no_document_has_keeps_the_claim_open(agreement, measured):
    claim = agreement(by=["label"])
    verdict = judge(
        claim, measured(claim, [0.95] * 100, groups={"label": [None] * 100}), level=LEVEL
    )

    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.rows[1].group == "label"
    assert verdict.rows[1].n == 0
    assert "unknown" in verdict.rows[1].reason
    assert verdict.needed is None
