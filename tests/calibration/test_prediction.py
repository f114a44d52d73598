import math

import numpy as np
import pytest

import attnaudit
from attnaudit.calibration import predictions_of
from attnaudit.calibration.prediction import _realised, predict_and_see
from attnaudit.claims import default_claims
from attnaudit.errors import UsageError
from attnaudit.models.planted import planted_documents, sometimes_blind_model
from attnaudit.records import Outcome
from attnaudit.runs.stored import open_run
from attnaudit.statistics import LARGEST_NEEDED, log_capital_above
from attnaudit.verdicts import judge

LEVEL = 0.0025


def test_ranges_from_twenty_documents_mostly_hold_what_is_realised(permutation_claim, population):
    claim = permutation_claim(limit=0.5)
    values = np.random.default_rng(0).beta(2, 3, 400)
    measurement = population(claim, values).measurements[claim.id]
    found = predict_and_see(
        claim, measurement, level=LEVEL, draws=40, generator=np.random.default_rng(1)
    )
    held = [few <= number <= many for (few, many), number in found]
    assert len(held) == 40
    assert np.mean(held) >= 0.7


def test_a_sample_that_decides_is_no_prediction(permutation_claim, population):
    claim = permutation_claim(limit=0.1)
    measurement = population(claim, np.linspace(0.8, 1, 40)).measurements[claim.id]
    generator = np.random.default_rng(1)
    assert predict_and_see(claim, measurement, level=LEVEL, draws=5, generator=generator) == []


def test_the_realised_number_is_the_first_that_decides(permutation_claim, population):
    # All documents are alike, so that the number can be found one by one.
    claim = permutation_claim(limit=0.5)
    measurement = population(claim, [0.7] * 30).measurements[claim.id]
    first = next(
        number
        for number in range(20, 1_000)
        if log_capital_above(np.full(number, 0.7), 0.5) >= -math.log(LEVEL)
    )
    found = _realised(claim, measurement, [0] * 20, LEVEL, np.random.default_rng(0))
    assert first <= found <= math.ceil(1.03 * first)
    undecided = population(claim, [0.7] * (first - 1)).measurements[claim.id]
    assert judge(claim, undecided, level=LEVEL).outcome is Outcome.INCONCLUSIVE


def test_what_is_never_decided_ends_at_the_largest_number(permutation_claim, population):
    claim = permutation_claim(limit=0.5)
    measurement = population(claim, [0.5] * 30).measurements[claim.id]
    found = _realised(claim, measurement, [0] * 20, LEVEL, np.random.default_rng(0))
    assert found == LARGEST_NEEDED


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("run") / "run"
    documents = planted_documents(40, generator=np.random.default_rng(0))
    attnaudit.audit(sometimes_blind_model(faithful_share=0.5), documents, report=path)
    return open_run(path)


def test_every_default_claim_of_a_run_is_predicted(run):
    found = predictions_of(run, draws=2, generator=np.random.default_rng(0))
    assert [one.claim for one in found] == [claim.id for claim in default_claims().claims]
    assert {one.draws for one in found} == {2}
    assert {one.model for one in found} == {"model"}


def test_a_run_of_other_claims_is_refused(tmp_path):
    from attnaudit.calibration.population import calibrated_claims  # noqa: PLC0415

    path = tmp_path / "run"
    claims = calibrated_claims()
    few = type(claims)(claims=claims.claims[:1], digest=claims.digest, source=claims.source)
    documents = planted_documents(5, generator=np.random.default_rng(0))
    attnaudit.audit(sometimes_blind_model(faithful_share=0.5), documents, few, report=path)
    with pytest.raises(UsageError, match=r"did not measure .* Audit the model with the package's"):
        predictions_of(open_run(path), draws=1, generator=np.random.default_rng(0))
