"""Populations of known values, as a measured construction leaves them."""

import numpy as np
import pytest

from attnaudit.calibration.population import Population, calibrated_claims
from attnaudit.claims import AgreementClaim, PermutationClaim
from attnaudit.records import Bound, Measurement


@pytest.fixture
def permutation_claim():
    """A claim about a value in [0, 1]; `limit` is its threshold."""

    def make(direction="at_least", limit=0.5, **keys):
        fields = {
            "id": "permutation",
            "statement": "s",
            "audit": "permutation",
            "kind": "faithfulness",
            "inference": "necessary",
            direction: limit,
        }
        return PermutationClaim(**(fields | keys))

    return make


@pytest.fixture
def agreement_claim():
    """A claim about a value in [-1, 1]."""

    def make(direction="at_least", limit=0.5, **keys):
        fields = {
            "id": "tau-gradient",
            "statement": "s",
            "audit": "agreement",
            "importance": "gradient",
            "kind": "agreement",
            "inference": "necessary",
            direction: limit,
        }
        return AgreementClaim(**(fields | keys))

    return make


@pytest.fixture
def measured():
    """The measurement of a claim on documents of these values; NaN has the cause given."""

    def make(claim, values, cause="constant attention"):
        values = np.asarray(values, dtype=np.float64)
        low, high = claim.range
        return Measurement(
            audit=claim.audit,
            quantity=claim.quantity,
            low=low,
            high=high,
            documents=tuple(f"d{number}" for number in range(len(values))),
            value=values,
            lower=values,
            upper=values,
            undefined=tuple(cause if np.isnan(value) else None for value in values),
            lengths=np.full(len(values), 20),
            confidence=np.full(len(values), 0.8),
            kind=Bound.EXACT,
            groups={"predicted": ("positive",) * len(values)},
        )

    return make


@pytest.fixture
def population(measured):
    """One claim, and documents of these values."""

    def make(claim, values, **options):
        return Population(
            construction="made up",
            size=len(values),
            claims=(claim,),
            measurements={claim.id: measured(claim, values, **options)},
        )

    return make


@pytest.fixture
def populous(measured):
    """All calibrated claims, each with random values of its own in its range."""

    def make(size, *, seed=0):
        generator = np.random.default_rng(seed)
        claims = calibrated_claims().claims
        measurements = {}
        for claim in claims:
            low, high = claim.range
            values = low + (high - low) * generator.beta(2, 2, size)
            measurements[claim.id] = measured(claim, values)
        return Population(
            construction="made up", size=size, claims=claims, measurements=measurements
        )

    return make
