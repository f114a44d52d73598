"""The paper's network for question answering and natural language inference."""

from collections.abc import Callable, Mapping

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from attnaudit.models.configuration import PairConfiguration
from attnaudit.models.pairs.attentions import (
    AdditiveQueryAttention,
    QueryAttention,
    ScaledDotQueryAttention,
)
from attnaudit.models.pairs.head import QueryHead
from attnaudit.models.pairs.reader import TextReader

_ATTENTIONS: Mapping[str, Callable[[int], QueryAttention]] = {
    "additive": AdditiveQueryAttention,
    "dot": ScaledDotQueryAttention,
}


class PairClassifier(nn.Module):
    """Logits of a document and a query about it.

    Every tensor over tokens is over the words alone; the marks around a text are put there and
    taken away inside.

    Args:
        configuration: Sizes and kinds of its parts.

    Source:
        Jain & Wallace (2019), section 2, and their published code.
    """

    def __init__(self, configuration: PairConfiguration) -> None:
        super().__init__()
        self.document = TextReader(configuration)
        self.query = TextReader(configuration)
        size = self.document.encoder.size
        self.attention = _ATTENTIONS[configuration.attention](size)
        self.head = QueryHead(size, len(configuration.classes))

    def forward(
        self,
        token_ids: Int[Tensor, "batch tokens"],
        mask: Bool[Tensor, "batch tokens"],
        query_ids: Int[Tensor, "batch query_tokens"],
        query_mask: Bool[Tensor, "batch query_tokens"],
        candidates: Bool[Tensor, "batch classes"],
    ) -> Float[Tensor, "batch classes"]:
        """Logits, minus infinity where a class is no candidate."""
        query = self.query.whole(query_ids, query_mask)
        hidden = self.document.words(self.document.embedding(token_ids), mask)
        attention = self.attention(hidden, mask, query)
        return self.decode(hidden, attention, query, candidates)

    def decode(
        self,
        hidden: Float[Tensor, "batch tokens hidden"],
        attention: Float[Tensor, "batch tokens"],
        query: Float[Tensor, "batch hidden"],
        candidates: Bool[Tensor, "batch classes"],
    ) -> Float[Tensor, "batch classes"]:
        """Logits of the attention-weighted hidden state."""
        context = torch.bmm(attention.unsqueeze(1), hidden).squeeze(1)
        logits: Tensor = self.head(context, query, candidates)
        return logits
