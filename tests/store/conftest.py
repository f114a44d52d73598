import math
from dataclasses import replace

import pytest

from attnaudit.claims import PermutationClaim
from attnaudit.records import Bound, Outcome, Stratum, Verdict, VerdictRow


@pytest.fixture
def claim():
    return PermutationClaim(
        id="order-matters",
        statement="s",
        audit="permutation",
        at_least=0.1,
        kind="faithfulness",
        inference="necessary",
    )


@pytest.fixture
def where():
    return {"model": "m", "site": "attention"}


@pytest.fixture
def verdict(claim):
    overall = VerdictRow(
        group="overall",
        outcome=Outcome.INCONCLUSIVE,
        estimate=0.2,
        low=0.0,
        high=0.5,
        n=3,
        undefined=1,
    )
    return Verdict(
        claim=claim.id,
        outcome=Outcome.INCONCLUSIVE,
        rows=(overall, replace(overall, group="predicted=yes")),
        kind=Bound.EXACT,
        level=0.025,
        strata=(
            Stratum(name="below 0.75", n=2, undefined=0, estimate=0.2),
            Stratum(name="0.99+", n=1, undefined=1, estimate=math.nan),
        ),
    )
