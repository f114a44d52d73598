"""What a claim may say: one schema per audit, told apart by `audit`."""

from collections.abc import Mapping
from typing import Annotated, get_args

from pydantic import Field

from attnaudit.claims.adversary import AdversaryClaim
from attnaudit.claims.agreement import AgreementClaim
from attnaudit.claims.base import ClaimBase
from attnaudit.claims.exchange import ExchangeClaim
from attnaudit.claims.inversion import InversionClaim
from attnaudit.claims.permutation import PermutationClaim
from attnaudit.claims.randomisation import RandomisationClaim

Claim = Annotated[
    AgreementClaim
    | PermutationClaim
    | AdversaryClaim
    | ExchangeClaim
    | InversionClaim
    | RandomisationClaim,
    Field(discriminator="audit"),
]
"""Any claim."""

SCHEMAS: Mapping[str, type[ClaimBase]] = {
    get_args(schema.model_fields["audit"].annotation)[0]: schema
    for schema in get_args(get_args(Claim)[0])
}
"""The schema of each audit."""

AUDITS = tuple(SCHEMAS)
"""Names of all audits."""
