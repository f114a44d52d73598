"""Documents of a construction, measured once by the audits that anybody runs."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import numpy as np

from attnaudit.claims import Claim, ClaimSet, load_claims
from attnaudit.errors import InternalError
from attnaudit.models.planted import Construction
from attnaudit.records import Measurement
from attnaudit.runs.api import audit
from attnaudit.runs.stored import open_run


@dataclass(frozen=True, kw_only=True, slots=True)
class Population:
    """The documents that replicates are drawn from; what is true of them is the truth.

    Attributes:
        construction: Name of the construction.
        size: Number of documents.
        claims: What is calibrated on it.
        measurements: The quantity of each claim, by the id of the claim.
    """

    construction: str
    size: int
    claims: tuple[Claim, ...]
    measurements: Mapping[str, Measurement]


def calibrated_claims() -> ClaimSet:
    """The quantities and statistics that are calibrated; their thresholds are replaced."""
    with resources.as_file(resources.files("attnaudit.calibration") / "claims.toml") as path:
        return load_claims(path)


def measure_population(
    construction: Construction, claims: ClaimSet, *, size: int, seed: int
) -> Population:
    """Draw documents of a construction and measure what the claims are about.

    Args:
        construction: A model and its documents.
        claims: What to measure.
        size: How many documents, at least 1.
        seed: Seeds documents and measurements.

    Raises:
        DataError: If the model can use too few of its documents.
        PreflightError: If the model cannot be measured.
    """
    documents = construction.documents(size, np.random.default_rng(seed))
    with tempfile.TemporaryDirectory(prefix="attnaudit-calibrate-") as scratch:
        place = Path(scratch) / "run"
        audit(construction.model(), documents, claims, seed=seed, report=place)
        stored = open_run(place)
        [entry] = stored.run.models
        measured = {claim.id: stored.measurement(entry, claim) for claim in claims.claims}
    return Population(
        construction=construction.name,
        size=size,
        claims=claims.claims,
        measurements=_complete(measured, size),
    )


def _complete(measured: Mapping[str, Measurement | None], size: int) -> Mapping[str, Measurement]:
    complete = {name: one for name, one in measured.items() if one is not None}
    short = [name for name in measured if name not in complete]
    short += [name for name, one in complete.items() if len(one.documents) != size]
    if short:
        raise InternalError(
            f"the audit left out some of the {size} documents of {', '.join(sorted(set(short)))}"
        )
    return complete


def resampled(measurement: Measurement, index: Sequence[int]) -> Measurement:
    """The measurement as it would be of these documents, a repeated one being another document."""
    chosen = np.asarray(index, dtype=np.intp)
    return replace(
        measurement,
        documents=tuple(f"drawn-{number}" for number in range(len(chosen))),
        value=measurement.value[chosen],
        lower=measurement.lower[chosen],
        upper=measurement.upper[chosen],
        undefined=tuple(measurement.undefined[position] for position in chosen),
        lengths=measurement.lengths[chosen],
        confidence=measurement.confidence[chosen],
        groups={
            name: tuple(of[position] for position in chosen)
            for name, of in measurement.groups.items()
        },
        draw=None,
    )
