"""Is there a very different attention with the same output? The farthest, or an enclosure of it."""

from typing import Literal

import numpy as np
import torch

from attnaudit.adversaries import (
    Adversary,
    admits_exact,
    admits_interval,
    exact_adversary,
    interval_adversary,
    paper_starts,
    search_adversary,
    sequential_adversary,
)
from attnaudit.measurements.adversary_null import adversary_null_rows
from attnaudit.measurements.randomness import document_generator
from attnaudit.metrics import ONE_TOKEN
from attnaudit.models.protocol import Attended, AttentionModel, Batch
from attnaudit.records import ValueRow

Method = Literal["auto", "search"]


def adversary(
    model: AttentionModel,
    batch: Batch,
    *,
    site: str,
    max_tvd: float,
    method: Method,
    restarts: int,
    steps: int,
    seed: int,
) -> tuple[ValueRow, ...]:
    """How far from the model's attention another one can be that gives the same output.

    * "divergence" in [0, ln 2] nats: the largest Jensen-Shannon divergence from the model's
      attention among those whose output stays within `max_tvd`. The witness stands with it.
    * "share-of-free-maximum" in [0, 1]: the same divided by the largest over all attentions,
      whatever their output.
    * each with "-null", the mean of the same over a few random orders of the model's own attention,
      and "-above-null", the quantity minus that, as `adversary_null_rows` has them. The null takes
      a solution for each order, so it is undefined where there is no exact one.

    A document of one token has no other attention: its divergence is 0 and its share undefined.

    With method "auto" it is solved exactly for two classes and enclosed for more where the output
    is linear in attention up to its link; elsewhere the search is carried on by sequential linear
    programming. "search" is the search alone. `lower` is what the witness attains, `upper` what is
    proved of all others.

    Source:
        Jain & Wallace (2019), section 4.2.2 and algorithm 3, for the question and the search.
    """
    [attended] = model.attend(batch, sites=[site])
    units = (attended.attention, attended.mask, attended.readout)
    exact = method == "auto" and admits_exact(attended.readout)
    if exact:
        found = exact_adversary(*units, max_tvd=max_tvd)
    elif method == "auto" and admits_interval(attended.readout):
        found = interval_adversary(*units, max_tvd=max_tvd)
    else:
        starts = _starts(attended, restarts=restarts, seed=seed)
        found = search_adversary(*units, max_tvd=max_tvd, starts=starts, steps=steps)
        if method == "auto":
            candidates = found.attention.unsqueeze(1)
            found = sequential_adversary(*units, max_tvd=max_tvd, candidates=candidates)
    rows = []
    for position, (document, unit) in enumerate(attended.units):
        rows.append(_divergence(found, position, document, unit, attended))
        rows.append(_share(found, position, document, unit))
    nulls = adversary_null_rows(attended, rows, exact=exact, max_tvd=max_tvd, seed=seed)
    return (*rows, *nulls)


def _starts(attended: Attended, *, restarts: int, seed: int) -> torch.Tensor:
    batch, tokens = attended.attention.shape
    starts = np.zeros((batch, restarts, tokens))
    for position, (document, unit) in enumerate(attended.units):
        length = int(attended.mask[position].sum())
        generator = document_generator(seed, f"adversary/{unit}", document)
        starts[position, :, :length] = paper_starts(generator, length, restarts=restarts)
    return torch.from_numpy(starts).to(attended.attention)


def _divergence(
    found: Adversary, position: int, document: str, unit: int, attended: Attended
) -> ValueRow:
    value = float(found.divergence[position])
    length = int(attended.mask[position].sum())
    return ValueRow(
        document=document,
        unit=unit,
        quantity="divergence",
        value=value,
        lower=value,
        upper=float(found.upper_bound[position]),
        kind=found.kind,
        witness=tuple(found.attention[position, :length].tolist()),
        witness_probabilities=tuple(found.probabilities[position].tolist()),
    )


def _share(found: Adversary, position: int, document: str, unit: int) -> ValueRow:
    free = float(found.free_maximum[position])
    if free == 0.0:
        nothing = float("nan")
        return ValueRow(
            document=document,
            unit=unit,
            quantity="share-of-free-maximum",
            value=nothing,
            lower=nothing,
            upper=nothing,
            kind=found.kind,
            undefined=ONE_TOKEN,
        )
    value, upper = (
        min(float(bound[position]) / free, 1.0) for bound in (found.divergence, found.upper_bound)
    )
    return ValueRow(
        document=document,
        unit=unit,
        quantity="share-of-free-maximum",
        value=value,
        lower=value,
        upper=upper,
        kind=found.kind,
    )
