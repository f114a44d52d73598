"""One text read by an encoder of its own, with an embedding of its own."""

from collections.abc import Callable, Mapping

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from attnaudit.data.vocabulary import PADDING
from attnaudit.models.configuration import Configuration
from attnaudit.models.encoders import ENCODERS
from attnaudit.models.marks import between_marks


class TextReader(nn.Module):
    """Hidden states of the words of a text, or one vector for all of it.

    The two texts of a pair share neither embedding nor encoder, as in the published models. A
    text is read between a start and an end mark.

    Args:
        configuration: Sizes and kind of the encoder.

    Source:
        Jain & Wallace (2019), section 2, and their published code.
    """

    def __init__(self, configuration: Configuration) -> None:
        super().__init__()
        dimensions, units = configuration.embedding_size, configuration.hidden_size
        self.embedding = nn.Embedding(
            configuration.vocabulary_size, dimensions, padding_idx=PADDING
        )
        self.encoder = ENCODERS[configuration.encoder](dimensions, units)
        self._whole = _WHOLE[configuration.encoder]

    def words(
        self,
        embeddings: Float[Tensor, "batch tokens dimensions"],
        mask: Bool[Tensor, "batch tokens"],
    ) -> Float[Tensor, "batch tokens hidden"]:
        """Hidden states of the words, without those of the marks."""
        framed, inside = between_marks(embeddings, mask, self.embedding.weight)
        return self.encoder(framed, inside)[:, 1:-1]

    def whole(
        self, token_ids: Int[Tensor, "batch tokens"], mask: Bool[Tensor, "batch tokens"]
    ) -> Float[Tensor, "batch hidden"]:
        """One vector for each text.

        The last state of either direction for "bilstm", the largest value of every filter for
        "cnn", the mean state for "average"; marks count, padding does not. (The published code
        takes the mean over padding too, so that its query depends on the batch.)
        """
        framed, inside = between_marks(self.embedding(token_ids), mask, self.embedding.weight)
        return self._whole(self.encoder(framed, inside), inside)


def _last_states(
    hidden: Float[Tensor, "batch positions hidden"], inside: Bool[Tensor, "batch positions"]
) -> Float[Tensor, "batch hidden"]:
    # The direction that reads backwards ends at the first position.
    row = torch.arange(len(hidden), device=hidden.device)
    forwards, _ = hidden[row, inside.sum(dim=1) - 1].chunk(2, dim=1)
    _, backwards = hidden[:, 0].chunk(2, dim=1)
    return torch.cat([forwards, backwards], dim=1)


def _largest_values(
    hidden: Float[Tensor, "batch positions hidden"], inside: Bool[Tensor, "batch positions"]
) -> Float[Tensor, "batch hidden"]:
    return hidden.masked_fill(~inside.unsqueeze(2), -torch.inf).amax(dim=1)


def _mean_state(
    hidden: Float[Tensor, "batch positions hidden"], inside: Bool[Tensor, "batch positions"]
) -> Float[Tensor, "batch hidden"]:
    states = hidden.masked_fill(~inside.unsqueeze(2), 0.0)
    return states.sum(dim=1) / inside.sum(dim=1, keepdim=True)


_WHOLE: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "bilstm": _last_states,
    "cnn": _largest_values,
    "average": _mean_state,
}
