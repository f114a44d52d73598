import math

import numpy as np
import pytest

from attnaudit.claims import AdversaryClaim, AgreementClaim, PermutationClaim
from attnaudit.records import Bound, Measurement


@pytest.fixture
def agreement():
    """Makes a claim about tau, in [-1, 1]."""

    def make(**keys):
        keys = {"at_least": 0.5} | keys if "at_most" not in keys else keys
        return AgreementClaim(
            id="tau",
            statement="s",
            audit="agreement",
            importance="gradient",
            kind="agreement",
            inference="necessary",
            **keys,
        )

    return make


@pytest.fixture
def adversary():
    """Makes a claim that the share of the free maximum, in [0, 1], is at most one half."""

    def make(**keys):
        return AdversaryClaim(
            id="share",
            statement="s",
            audit="adversary",
            at_most=0.5,
            kind="faithfulness",
            inference="necessary",
            **keys,
        )

    return make


@pytest.fixture
def permutation():
    """Makes a claim about the total variation distance, in [0, 1]."""

    def make(**keys):
        return PermutationClaim(
            id="tvd",
            statement="s",
            audit="permutation",
            kind="faithfulness",
            inference="necessary",
            **keys,
        )

    return make


@pytest.fixture
def measured():
    """Makes the measurement that a claim asks for. A string among the values is a cause."""

    def make(
        claim,
        values,
        *,
        lower=None,
        upper=None,
        kind=Bound.EXACT,
        lengths=None,
        confidence=None,
        groups=None,
    ):
        causes = tuple(one if isinstance(one, str) else None for one in values)
        numbers = np.array([math.nan if isinstance(one, str) else one for one in values], float)
        low, high = claim.range
        return Measurement(
            audit=claim.audit,
            quantity=claim.quantity,
            low=low,
            high=high,
            documents=tuple(f"d{position}" for position in range(len(values))),
            value=numbers,
            lower=numbers if lower is None else np.array(lower, float),
            upper=numbers if upper is None else np.array(upper, float),
            undefined=causes,
            lengths=np.array([12] * len(values) if lengths is None else lengths, dtype=np.int64),
            confidence=np.array([0.8] * len(values) if confidence is None else confidence, float),
            kind=kind,
            groups={name: tuple(members) for name, members in (groups or {}).items()},
        )

    return make
