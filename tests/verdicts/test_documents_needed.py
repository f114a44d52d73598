import numpy as np
import pytest

from attnaudit.records import Outcome
from attnaudit.verdicts import judge

LEVEL = 0.025


def outcome_of(claim, measurement, level=LEVEL):
    return judge(claim, measurement, level=level).outcome


def test_an_undecided_claim_says_how_many_documents_would_probably_decide_it(agreement, measured):
    claim = agreement()
    values = np.random.default_rng(6).uniform(0.2, 1, 40)
    verdict = judge(claim, measured(claim, values), level=LEVEL)
    few, many = verdict.needed

    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert 40 < few < many
    decided = judge(claim, measured(claim, [0.9] * 100), level=LEVEL)
    assert decided.needed is None


def test_an_open_group_needs_its_share_of_the_documents(agreement, measured):
    claim = agreement(by=["predicted"])
    values = np.random.default_rng(6).uniform(0.3, 1, 40)
    alone = judge(agreement(), measured(claim, values), level=LEVEL / 2)
    groups = {"predicted": ["rare"] * 40 + ["usual"] * 3_960}
    diluted = judge(
        claim,
        measured(claim, [*values, *[0.9] * 3_960], groups=groups),
        level=LEVEL / 2,
    )

    assert diluted.needed[0] >= 50 * alone.needed[0]


def test_a_small_group_needs_twenty_documents_however_clear_it_is(agreement, measured):
    claim = agreement(at_least=-0.5, by=["predicted"])
    groups = {"predicted": ["rare"] * 5 + ["usual"] * 395}
    verdict = judge(claim, measured(claim, [1.0] * 400, groups=groups), level=LEVEL)

    assert verdict.needed == (1_600, 1_600)


def test_a_group_that_points_against_the_claim_would_decide_it_first(agreement, measured):
    claim = agreement(by=["predicted"])
    groups = {"predicted": ["near"] * 100 + ["against"] * 30}
    values = [0.501] * 100 + [0.43] * 30
    verdict = judge(claim, measured(claim, values, groups=groups), level=LEVEL)

    assert {row.outcome for row in verdict.rows} == {Outcome.INCONCLUSIVE}
    assert verdict.needed[1] < 10_000
    most = agreement(at_most=0.5, by=["predicted"])
    mirrored = [0.499] * 100 + [0.57] * 30
    assert judge(most, measured(most, mirrored, groups=groups), level=LEVEL).needed[1] < 10_000


@pytest.mark.parametrize("kind", ["mean", "median"])
def test_very_many_documents_decide_a_narrow_gap(agreement, measured, kind):
    claim = agreement(statistic=kind, at_least=0.45)
    values = np.random.default_rng(7).uniform(0, 1, 25_000)

    assert outcome_of(claim, measured(claim, values)) is Outcome.SUPPORTED
