"""What a recorded pass shows at a site that cannot be replaced."""

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.models.aggregated import ATTENTION_FLOW, GRADIENT_WEIGHTED, ROLLOUT
from attnaudit.models.irreplaceable import IrreplaceableReadout
from attnaudit.models.protocol import Attended
from attnaudit.models.readout import Link, apply_link
from attnaudit.models.transformers.aggregated.attention_flow import attention_flow
from attnaudit.models.transformers.aggregated.gradient_weighted import gradient_weighted
from attnaudit.models.transformers.aggregated.norm_based import norm_based
from attnaudit.models.transformers.aggregated.rollout import rollout
from attnaudit.models.transformers.anatomy import Anatomy
from attnaudit.models.transformers.batch import PieceBatch
from attnaudit.models.transformers.network import Network
from attnaudit.models.transformers.recording import Recorded
from attnaudit.models.transformers.rows import PieceRows
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

    Its only row is the relevance of each word, that of its sub-tokens together, brought to a sum
    of 1 over the words; uniform if no word has any.

    Args:
        network: The network.
        anatomy: How it is built.
        batch: What it has read.
        recorded: The pass in which it did, with what the site needs.
        site: The site.
        link: From logits to probabilities.

    Raises:
        PreflightError: If a document is too long for what is computed.
    """
    relevance = _relevance(network, anatomy, batch, recorded, site)
    total = relevance.sum(dim=1, keepdim=True)
    rows = PieceRows(
        own=torch.where(total > 0, relevance / total, 0.0).unsqueeze(1),
        real=torch.ones_like(batch.mask[:, :1]),
        word_of=batch.word_of,
        mask=batch.mask,
    )
    over_words = rows.over_words()
    return Attended(
        units=tuple((name, 0) for name in batch.documents),
        tokens=batch.tokens,
        mask=batch.mask,
        attention=over_words.squeeze(1),
        rows=over_words,
        probabilities=apply_link(recorded.logits, link=link),
        readout=IrreplaceableReadout(site=site.name),
        special_mass=rows.special_mass(),
    )


def _relevance(
    network: Network, anatomy: Anatomy, batch: PieceBatch, recorded: Recorded, site: Aggregate
) -> Float[Tensor, "batch pieces"]:
    if site.name == ROLLOUT:
        return rollout(recorded)
    if site.name == ATTENTION_FLOW:
        return attention_flow(recorded, batch)
    if site.name == GRADIENT_WEIGHTED:
        return gradient_weighted(network, recorded)
    return norm_based(network, anatomy, recorded, batch)
