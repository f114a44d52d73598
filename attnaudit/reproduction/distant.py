"""Attention far from the model's own with nearly the same output: as published, and solved for."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.adversaries import (
    admits_exact,
    admits_interval,
    exact_adversary,
    interval_adversary,
    paper_starts,
    search_adversary,
    sequential_adversary,
)
from attnaudit.measurements.randomness import document_generator
from attnaudit.models.protocol import Attended, AttentionModel, Batch
from attnaudit.records import Bound, ValueRow
from attnaudit.reproduction.published_search import (
    ACCEPTED_BELOW,
    ALTERNATIVES,
    STEPS,
    published_search,
)


def searched(model: AttentionModel, batch: Batch, *, site: str, seed: int) -> tuple[ValueRow, ...]:
    """Quantity "divergence" of the search as published, in nats, in [0, ln 2]."""
    [attended] = model.attend(batch, sites=[site])
    found = published_search(
        attended,
        _starts(attended, seed=seed),
        single_output=model.outputs.kind == "binary",
    )
    return tuple(
        ValueRow(
            document=document,
            unit=unit,
            quantity="divergence",
            value=value,
            lower=value,
            upper=float(np.log(2)),
            kind=Bound.LOWER,
        )
        for (document, unit), value in zip(attended.units, found.divergence.tolist(), strict=True)
    )


def farthest(model: AttentionModel, batch: Batch, *, site: str, seed: int) -> tuple[ValueRow, ...]:
    """Quantity "divergence" of the farthest attention with the same output, in nats, in [0, ln 2].

    Solved exactly for two classes and enclosed for more where the output is linear in attention up
    to its link; elsewhere a search is carried on by sequential linear programming.
    """
    [attended] = model.attend(batch, sites=[site])
    units = (attended.attention, attended.mask, attended.readout)
    if admits_exact(attended.readout):
        found = exact_adversary(*units, max_tvd=ACCEPTED_BELOW)
    elif admits_interval(attended.readout):
        found = interval_adversary(*units, max_tvd=ACCEPTED_BELOW)
    else:
        starts = _starts(attended, seed=seed)
        begun = search_adversary(*units, max_tvd=ACCEPTED_BELOW, starts=starts, steps=STEPS)
        found = sequential_adversary(
            *units, max_tvd=ACCEPTED_BELOW, candidates=begun.attention.unsqueeze(1)
        )
    bounds = zip(found.divergence.tolist(), found.upper_bound.tolist(), strict=True)
    return tuple(
        ValueRow(
            document=document,
            unit=unit,
            quantity="divergence",
            value=value,
            lower=value,
            upper=upper,
            kind=found.kind,
        )
        for (document, unit), (value, upper) in zip(attended.units, bounds, strict=True)
    )


def _starts(attended: Attended, *, seed: int) -> Float[Tensor, "batch k tokens"]:
    batch, tokens = attended.attention.shape
    starts = np.zeros((batch, ALTERNATIVES, tokens))
    lengths = attended.mask.sum(dim=1).tolist()
    for position, ((document, unit), length) in enumerate(
        zip(attended.units, lengths, strict=True)
    ):
        generator = document_generator(seed, f"adversary/{unit}", document)
        starts[position, :, :length] = paper_starts(generator, length, restarts=ALTERNATIVES)
    return torch.from_numpy(starts).to(attended.attention)
