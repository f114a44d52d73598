"""Claims: sentences about a model's attention that documents can support or refute."""

from attnaudit.claims.adversary import AdversaryClaim
from attnaudit.claims.agreement import AgreementClaim, Importance
from attnaudit.claims.base import ClaimBase, Direction, Grouping, Scalar
from attnaudit.claims.exchange import ExchangeClaim
from attnaudit.claims.files import ClaimSet, default_claims, load_claims
from attnaudit.claims.inversion import InversionClaim
from attnaudit.claims.permutation import PermutationClaim
from attnaudit.claims.randomisation import RandomisationClaim
from attnaudit.claims.schema import AUDITS, Claim

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
    "RandomisationClaim",
    "Scalar",
    "default_claims",
    "load_claims",
]
