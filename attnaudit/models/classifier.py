"""The paper's classifier: embedding, encoder, attention over the words, linear head."""

from collections.abc import Callable, Mapping

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from attnaudit.data.vocabulary import PADDING
from attnaudit.models.attentions import AdditiveAttention, Attention, ScaledDotAttention
from attnaudit.models.configuration import Configuration
from attnaudit.models.encoders import ENCODERS
from attnaudit.models.marks import between_marks

_ATTENTIONS: Mapping[str, Callable[[int], Attention]] = {
    "additive": AdditiveAttention,
    "dot": ScaledDotAttention,
}


class AttentionClassifier(nn.Module):
    """Logits of a document from its words.

    Every tensor it takes or gives is over the words alone; the start and the end mark are put
    around them inside, seen by the encoder and never attended.

    Args:
        configuration: Sizes and kinds of its parts.

    Source:
        Jain & Wallace (2019), section 2.
    """

    def __init__(self, configuration: Configuration) -> None:
        super().__init__()
        dimensions, units = configuration.embedding_size, configuration.hidden_size
        outputs = 1 if configuration.kind == "binary" else len(configuration.classes)
        self.embedding = nn.Embedding(
            configuration.vocabulary_size, dimensions, padding_idx=PADDING
        )
        self.encoder = ENCODERS[configuration.encoder](dimensions, units)
        self.attention = _ATTENTIONS[configuration.attention](self.encoder.size)
        self.head = nn.Linear(self.encoder.size, outputs)

    def forward(
        self, token_ids: Int[Tensor, "batch tokens"], mask: Bool[Tensor, "batch tokens"]
    ) -> Float[Tensor, "batch outputs"]:
        """Logits: one column for a sigmoid, or one per class for a softmax."""
        hidden = self.encode(self.embedding(token_ids), mask)
        return self.decode(hidden, self.attention(hidden, mask))

    def encode(
        self,
        embeddings: Float[Tensor, "batch tokens dimensions"],
        mask: Bool[Tensor, "batch tokens"],
    ) -> Float[Tensor, "batch tokens hidden"]:
        """Hidden states of the words, each document read between a start and an end mark."""
        framed, inside = self.frame(embeddings, mask)
        return self.encoder(framed, inside)[:, 1:-1]

    def decode(
        self,
        hidden: Float[Tensor, "batch tokens hidden"],
        attention: Float[Tensor, "batch tokens"],
    ) -> Float[Tensor, "batch outputs"]:
        """Logits of the attention-weighted hidden state."""
        context = torch.bmm(attention.unsqueeze(1), hidden).squeeze(1)
        logits: Tensor = self.head(context)
        return logits

    def frame(
        self,
        embeddings: Float[Tensor, "batch tokens dimensions"],
        mask: Bool[Tensor, "batch tokens"],
    ) -> tuple[Float[Tensor, "batch positions dimensions"], Bool[Tensor, "batch positions"]]:
        """Words between their marks, and which positions are not padding."""
        return between_marks(embeddings, mask, self.embedding.weight)
