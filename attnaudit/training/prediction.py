"""Predictions of a classifier, a batch at a time."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.models.readout import Link, apply_link
from attnaudit.training.batches import sorted_batches
from attnaudit.training.corpus import Example
from attnaudit.training.recipe import Network

_BATCH_SIZE = 64


def predict(network: Network, examples: Sequence[Example]) -> Float[Tensor, "examples classes"]:
    """Probabilities of every class.

    Args:
        network: The classifier, where it is and in whichever mode; it has no dropout.
        examples: At least one.

    Returns:
        Distributions in the order of the examples, on the CPU.
    """
    batches = sorted_batches(examples, size=_BATCH_SIZE)
    device = next(network.parameters()).device
    with torch.no_grad():
        logits = torch.cat(
            [network(*(each.to(device) for each in inputs)) for *inputs, _ in batches]
        )
    order = torch.tensor([row for rows in batches.rows for row in rows])
    link: Link = "sigmoid" if logits.shape[1] == 1 else "softmax"
    return apply_link(logits, link=link).cpu()[torch.argsort(order)]
