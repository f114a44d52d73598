import math

import numpy as np
import pytest

from attnaudit.calibration.attainable import least_documents
from attnaudit.calibration.questions import evidence_of

LEVEL, POWER = 0.025, 0.8


@pytest.mark.parametrize(("limit", "end"), [(0.6, 0.0), (0.75, 1.0)])
def test_so_many_documents_show_none_of_the_few_that_would_make_the_threshold_the_mean(
    permutation_claim, population, limit, end
):
    values = np.random.default_rng(0).uniform(0.6, 0.8, 200)
    claim = permutation_claim(limit=limit)
    evidence = evidence_of(claim, population(claim, values))
    needed = least_documents(claim, evidence, level=LEVEL, power=POWER)
    # The other population, written out: a share of it at the end of the range.
    share = next(
        share
        for share in np.linspace(0, 1, 200_001)
        if abs((1 - share) * values.mean() + share * end - limit) < 1e-5
    )
    assert (1 - share) ** needed == pytest.approx(LEVEL / POWER, rel=0.01)


def test_the_scale_of_the_quantity_does_not_matter(permutation_claim, agreement_claim, population):
    values = np.linspace(0.2, 0.9, 50)
    narrow, wide = permutation_claim(limit=0.4), agreement_claim(limit=2 * 0.4 - 1)
    needed = [
        least_documents(claim, evidence_of(claim, population(claim, of)), level=LEVEL, power=POWER)
        for claim, of in ((narrow, values), (wide, 2 * values - 1))
    ]
    assert needed[0] == pytest.approx(needed[1])


def test_at_the_threshold_no_number_is_enough(permutation_claim, population):
    claim = permutation_claim(limit=0.5)
    evidence = evidence_of(claim, population(claim, [0.25, 0.75]))
    assert least_documents(claim, evidence, level=LEVEL, power=POWER) == math.inf
