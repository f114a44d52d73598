"""The paper's findings judged on the documents of one task, by the rules of every audit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from attnaudit.claims import Claim
from attnaudit.records import Bound, Measurement, Verdict
from attnaudit.reproduction.claims import FindingClaim, finding_claims
from attnaudit.reproduction.published import published_values
from attnaudit.reproduction.request import Request, Training
from attnaudit.reproduction.statistics import ALL
from attnaudit.reproduction.tasks import Task, named_task
from attnaudit.reproduction.values import ModelValues
from attnaudit.verdicts import direction_level, judge

ATTENTION = "additive"
"""The findings are about models with this attention."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One claim about one task and seed, and what became of it."""

    claim: FindingClaim
    task: Task
    seed: int
    verdict: Verdict

    @property
    def published(self) -> float | None:
        """The same number by the published means, if there are such."""
        claim = self.claim
        parts = [(claim.encoder, claim.quantity)]
        if claim.is_difference:
            other = claim.than_encoder or claim.encoder, claim.than_quantity or claim.quantity
            parts.append(other)
        means = [
            published_values().get((self.task.name, encoder, ATTENTION, ALL, f"{quantity}:mean"))
            for encoder, quantity in parts
        ]
        known = [mean for mean in means if mean is not None]
        return known[0] - sum(known[1:]) if len(known) == len(parts) else None


def judge_findings(
    models: Sequence[tuple[Training, ModelValues]], request: Request
) -> Iterator[Finding]:
    """Every claim that the measured models can answer.

    All claims about all tasks and seeds that were asked for share the error probability, whether
    or not they have been measured yet: the verdicts are the same while others are still missing.

    Args:
        models: Trainings with what was measured of them.
        request: What was asked for.

    Yields:
        In the order of the tasks, the seeds and the claims.
    """
    claims = finding_claims()
    level = direction_level(len(claims) * sum(map(request.number_of_seeds, request.tasks)))
    for name in request.tasks:
        for seed in range(request.number_of_seeds(name)):
            encoders: dict[str, ModelValues] = {
                training.encoder: values
                for training, values in models
                if (training.task.name, training.seed, training.attention)
                == (name, seed, ATTENTION)
            }
            for claim in claims:
                if {claim.encoder, claim.than_encoder or claim.encoder} <= {*encoders}:
                    # `judge` reads only what every claim has.
                    asked, found = cast("Claim", claim), measured(claim, encoders)
                    yield Finding(
                        claim=claim,
                        task=named_task(name),
                        seed=seed,
                        verdict=judge(asked, found, level=level),
                    )


def measured(claim: FindingClaim, models: Mapping[str, ModelValues]) -> Measurement:
    """What a claim is judged on: the documents that all its models could use, in one order.

    Args:
        claim: The claim.
        models: Encoder to what was measured of it, with the encoders that the claim names.
    """
    of, than = models[claim.encoder], models[claim.than_encoder or claim.encoder]
    sampled = set(_measured_documents(of, claim.quantity))
    both = [one for one in _measured_documents(than, claim.quantity) if one in sampled]
    index = _places(of, both)
    value, upper = of.values[claim.quantity][index], of.upper[claim.quantity][index]
    causes = [of.causes[claim.quantity][place] for place in index]
    if claim.is_difference:
        quantity = claim.than_quantity or claim.quantity
        other = _places(than, both)
        value = upper = value - than.values[quantity][other]
        causes = [
            cause or than.causes[quantity][place]
            for cause, place in zip(causes, other, strict=True)
        ]
    low, high = claim.range
    exact = np.array_equal(value, upper, equal_nan=True)
    return Measurement(
        audit=claim.audit,
        quantity=claim.quantity,
        low=low,
        high=high,
        documents=tuple(both),
        value=value,
        lower=value,
        upper=upper,
        undefined=tuple(causes),
        lengths=of.lengths[index],
        confidence=of.confidence[index],
        kind=Bound.EXACT if exact else Bound.LOWER,
    )


def _measured_documents(values: ModelValues, quantity: str) -> list[str]:
    """Documents with a value, or with a cause for having none; the others were not sampled."""
    return [
        document
        for document, value, cause in zip(
            values.documents, values.values[quantity], values.causes[quantity], strict=True
        )
        if cause is not None or not np.isnan(value)
    ]


def _places(values: ModelValues, documents: Sequence[str]) -> list[int]:
    places = {document: place for place, document in enumerate(values.documents)}
    return [places[document] for document in documents]
