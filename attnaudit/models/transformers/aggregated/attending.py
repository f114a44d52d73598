"""What a recorded pass shows at a site that cannot be replaced."""

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.errors import PreflightError
from attnaudit.models.aggregated import ATTENTION_FLOW, GRADIENT_WEIGHTED, ROLLOUT
from attnaudit.models.irreplaceable import IrreplaceableReadout
from attnaudit.models.protocol import Attended
from attnaudit.models.readout import Link, apply_link
from attnaudit.models.transformers.aggregated.attention_flow import attention_flow
from attnaudit.models.transformers.aggregated.gradient_weighted import gradient_weighted
from attnaudit.models.transformers.aggregated.norm_based import norm_based
from attnaudit.models.transformers.aggregated.rollout import rollout
from attnaudit.models.transformers.aggregated.words import per_word
from attnaudit.models.transformers.anatomy import Anatomy
from attnaudit.models.transformers.batch import PieceBatch
from attnaudit.models.transformers.network import Network
from attnaudit.models.transformers.recording import Recorded
from attnaudit.models.transformers.sites import Aggregate


def aggregated_at(
    network: Network,
    anatomy: Anatomy,
    batch: PieceBatch,
    recorded: Recorded,
    site: Aggregate,
    *,
    link: Link,
) -> Attended:
    """A batch at such a site.

    Its only row is the relevance of each word, brought to a sum of 1 over the words; uniform if no
    word has any. It is no row of the network's own, so it says nothing of special tokens.

    Args:
        network: The network.
        anatomy: How it is built.
        batch: What it has read.
        recorded: The pass in which it did, with what the site needs.
        site: The site.
        link: From logits to probabilities.

    Raises:
        PreflightError: If the relevance of a word is no finite number.
    """
    relevance = _relevance(network, anatomy, batch, recorded, site)
    _check_finite(relevance, batch, site)
    total = relevance.sum(dim=1, keepdim=True)
    equal = batch.mask.to(relevance) / batch.mask.sum(dim=1, keepdim=True)
    attention = torch.where(total == 0, equal, relevance / total)
    return Attended(
        units=tuple((name, 0) for name in batch.documents),
        tokens=batch.tokens,
        mask=batch.mask,
        attention=attention,
        rows=attention.unsqueeze(1),
        probabilities=apply_link(recorded.logits, link=link),
        readout=IrreplaceableReadout(site=site.name),
    )


def _relevance(
    network: Network, anatomy: Anatomy, batch: PieceBatch, recorded: Recorded, site: Aggregate
) -> Float[Tensor, "batch words"]:
    if site.name == ROLLOUT:
        return per_word(rollout(recorded), batch)
    if site.name == ATTENTION_FLOW:
        return attention_flow(recorded, batch)
    if site.name == GRADIENT_WEIGHTED:
        return per_word(gradient_weighted(network, recorded), batch)
    return norm_based(network, anatomy, recorded, batch)


def _check_finite(
    relevance: Float[Tensor, "batch words"], batch: PieceBatch, site: Aggregate
) -> None:
    odd = ~relevance.isfinite()
    if odd.any():
        row, word = odd.nonzero()[0].tolist()
        raise PreflightError(
            f"document {batch.documents[row]!r}: {site.name} of word {word} is "
            f"{relevance[row, word].item()}, so nothing can be said of any word. Audit the model "
            "in higher precision (--attn-dtype float64), or choose another site."
        )
