"""Claims: sentences about a model's attention that documents can support or refute."""

from attnaudit.claims.base import ClaimBase, Direction, Grouping, Scalar
from attnaudit.claims.files import ClaimSet, default_claims, load_claims
from attnaudit.claims.schema import (
    AUDITS,
    AdversaryClaim,
    AgreementClaim,
    Claim,
    ExchangeClaim,
    Importance,
    InversionClaim,
    PermutationClaim,
)

__all__ = [
    "AUDITS",
    "AdversaryClaim",
    "AgreementClaim",
    "Claim",
    "ClaimBase",
    "ClaimSet",
    "Direction",
    "ExchangeClaim",
    "Grouping",
    "Importance",
    "InversionClaim",
    "PermutationClaim",
    "Scalar",
    "default_claims",
    "load_claims",
]
