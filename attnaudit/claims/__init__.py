"""Claims: sentences about a model's attention that documents can support or refute."""

from attnaudit.claims.files import ClaimSet, default_claims, load_claims
from attnaudit.claims.schema import (
    AdversaryClaim,
    AgreementClaim,
    Claim,
    ClaimBase,
    Direction,
    Grouping,
    PermutationClaim,
    Scalar,
)

__all__ = [
    "AdversaryClaim",
    "AgreementClaim",
    "Claim",
    "ClaimBase",
    "ClaimSet",
    "Direction",
    "Grouping",
    "PermutationClaim",
    "Scalar",
    "default_claims",
    "load_claims",
]
