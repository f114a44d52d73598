"""The whole of it, small: constructions through the audits that anybody runs."""

import dataclasses
import sys

import numpy as np
import pytest

from attnaudit.calibration import (
    Calibration,
    Settings,
    calibrate,
    calibrated_constructions,
    failures,
)
from attnaudit.calibration.calibrate import calibrate_population
from attnaudit.errors import UsageError
from attnaudit.models.planted import collapsed_model, planted_documents

SMALL = Settings(documents=60, samples=50, sizes=(20, 100), judged=1)


@pytest.fixture(scope="module")
def collapsed():
    return calibrate(["collapsed"], settings=SMALL)


def test_thirteen_constructions_are_calibrated_by_different_names():
    names = [one.name for one in calibrated_constructions()]
    assert len(set(names)) == len(names) == 13


def test_the_collapsed_model_looks_perfect_where_defined_and_is_never_supported(collapsed):
    assert {cell.n for cell in collapsed.collapse} == {20, 100}
    ranked = [cell for cell in collapsed.collapse if cell.claim == "tau-gradient"]
    assert all(cell.defined == pytest.approx(1.0) for cell in ranked)
    assert all(cell.refuted.count == cell.refuted.total for cell in ranked)
    assert all(cell.supported.count == 0 for cell in collapsed.collapse)


def test_the_default_claims_never_support_the_collapsed_model():
    import attnaudit  # noqa: PLC0415

    documents = planted_documents(200, generator=np.random.default_rng(0))
    rows = attnaudit.audit(collapsed_model(), documents).claims
    outcomes = {row.id: row.outcome for row in rows if row.group == "overall"}
    assert "supported" not in {
        outcomes[name]
        for name in (
            *("ranks-like-gradient", "ranks-like-leave-one-out", "order-matters"),
            *("no-distant-equivalent", "top-position-is-special", "highlight-cannot-be-moved"),
            "inverting-weakens-the-decision",
        )
    }
    assert outcomes["ranks-like-gradient"] == "refuted"


def test_other_constructions_have_no_table_of_collapse(populous):
    found = calibrate_population(populous(60), SMALL, np.random.default_rng(0))
    assert found.collapse == ()
    assert len(found.cells) == 2 * 13
    assert len(found.sessions) == 2


def test_what_is_left_out_is_named_with_its_reason(permutation_claim, agreement_claim, population):
    constant = population(permutation_claim(), [0.4] * 60)
    found = calibrate_population(constant, SMALL, np.random.default_rng(0))
    assert found.constant == (("made up", "permutation"),)
    claim = agreement_claim()
    undefined = population(claim, [0.4, np.nan] * 30, cause="constant importance")
    found = calibrate_population(undefined, SMALL, np.random.default_rng(0))
    assert found.open == (("made up", "tau-gradient"),)
    median = permutation_claim(statistic="median")
    found = calibrate_population(
        population(median, [0.4] * 40 + [0.6] * 20), SMALL, np.random.default_rng(0)
    )
    assert found.tied == (("made up", "permutation"),)
    assert found.cells == found.sessions == found.adaptive == ()


def test_two_calibrations_together_have_all_of_both(collapsed):
    both = collapsed + collapsed
    for field in dataclasses.fields(Calibration):
        if field.name == "whole":
            continue
        assert len(getattr(both, field.name)) == 2 * len(getattr(collapsed, field.name))


def test_only_a_calibration_of_all_constructions_is_whole(collapsed, monkeypatch):
    assert not collapsed.whole
    [only] = [one for one in calibrated_constructions() if one.name == "collapsed"]
    # The package's `calibrate` is the function.
    module = sys.modules["attnaudit.calibration.calibrate"]
    monkeypatch.setattr(module, "calibrated_constructions", lambda: (only,))
    whole = calibrate(settings=SMALL)
    assert whole.whole
    assert not (whole + whole).whole
    assert "no claim that is judged in blocks was calibrated" in failures(whole)


def test_processes_change_no_result_and_every_construction_is_reported(collapsed):
    reported = []
    again = calibrate(["collapsed"], settings=SMALL, processes=2, finished=reported.append)
    assert again == collapsed
    assert reported == ["collapsed"]


@pytest.mark.parametrize(
    ("names", "settings", "processes", "message"),
    [
        (["perfect"], SMALL, 1, "no construction is called 'perfect'; choose of faithful, blind"),
        ([], Settings(documents=61), 1, "must be even"),
        ([], Settings(documents=0), 1, "at least 2"),
        ([], Settings(samples=0), 1, "at least one replicate"),
        ([], SMALL, 0, "one process"),
    ],
)
def test_what_cannot_be_calibrated_is_refused_at_once(names, settings, processes, message):
    with pytest.raises(UsageError, match=message):
        calibrate(names, settings=settings, processes=processes)
