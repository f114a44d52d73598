"""Encoders of the paper: a vector for every position, whatever the padding behind it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from attnaudit.models.configuration import CONVOLUTION_WIDTHS


class Encoder(Protocol):
    """What every encoder offers besides being an `nn.Module`."""

    @property
    def size(self) -> int:
        """Units of an encoded position."""
        ...

    def __call__(
        self,
        embedded: Float[Tensor, "batch positions dimensions"],
        mask: Bool[Tensor, "batch positions"],
    ) -> Float[Tensor, "batch positions hidden"]:
        """Hidden states; those outside the mask mean nothing."""
        ...


def _exact_cudnn(*, enabled: bool) -> AbstractContextManager[None]:
    # By default cuDNN rounds single precision to ten bits, and a word's importance with it. What
    # is not passed would be set to its default.
    cudnn = torch.backends.cudnn
    context: AbstractContextManager[None] = cudnn.flags(
        enabled=enabled,
        benchmark=cudnn.benchmark,
        benchmark_limit=cudnn.benchmark_limit,
        deterministic=cudnn.deterministic,
        allow_tf32=False,
    )
    return context


class BiLSTMEncoder(nn.Module):
    """One bidirectional LSTM layer, both directions side by side.

    Args:
        embedding_size: Dimensions of an embedding.
        units: Units per direction.

    Source:
        Jain & Wallace (2019): 128 units per direction.
    """

    def __init__(self, embedding_size: int, units: int) -> None:
        super().__init__()
        self.forwards = nn.LSTM(embedding_size, units, batch_first=True)
        self.backwards = nn.LSTM(embedding_size, units, batch_first=True)

    @property
    def size(self) -> int:
        """Units of an encoded position."""
        return 2 * self.forwards.hidden_size

    def forward(
        self,
        embedded: Float[Tensor, "batch positions dimensions"],
        mask: Bool[Tensor, "batch positions"],
    ) -> Float[Tensor, "batch positions hidden"]:
        """Hidden states, zero outside the mask."""
        # Both directions begin at the first real position and reach the padding last. Packed
        # sequences would do the same, but their gradient costs the square of the length.
        reversal = reversed_order(mask)
        reversed_input = _in_order(embedded, reversal)
        # cuDNN has no backward pass in evaluation mode, which gradient importance needs.
        differentiated = torch.is_grad_enabled() and not self.training
        with _exact_cudnn(enabled=not differentiated):
            forwards, _ = self.forwards(embedded)
            backwards, _ = self.backwards(reversed_input)
        backwards = _in_order(backwards, reversal)
        return torch.cat([forwards, backwards], dim=2) * mask.unsqueeze(2)


def _in_order(
    values: Float[Tensor, "batch positions features"], order: Int[Tensor, "batch positions"]
) -> Float[Tensor, "batch positions features"]:
    # Whole rows are moved, which is several times as fast as gathering number by number.
    starts = torch.arange(len(order), device=order.device).unsqueeze(1) * order.shape[1]
    rows = values.flatten(0, 1).index_select(0, (starts + order).flatten())
    return rows.view_as(values)


def reversed_order(mask: Bool[Tensor, "batch positions"]) -> Int[Tensor, "batch positions"]:
    """Where each real position comes from when every document is read backwards.

    The order is its own inverse.
    """
    position = torch.arange(mask.shape[1], device=mask.device)
    last = mask.sum(dim=1, keepdim=True) - 1
    return torch.where(mask, last - position, position)


class CNNEncoder(nn.Module):
    """Parallel convolutions of several widths, their rectified outputs side by side.

    Args:
        embedding_size: Dimensions of an embedding.
        filters: Filters of all widths together.

    Source:
        Jain & Wallace (2019): widths 1, 3, 5, 7 with 32 filters each.
    """

    def __init__(self, embedding_size: int, filters: int) -> None:
        super().__init__()
        self.size = filters
        self.convolutions = nn.ModuleList(
            nn.Conv1d(embedding_size, filters // len(CONVOLUTION_WIDTHS), width, padding=width // 2)
            for width in CONVOLUTION_WIDTHS
        )

    def forward(
        self,
        embedded: Float[Tensor, "batch positions dimensions"],
        mask: Bool[Tensor, "batch positions"],
    ) -> Float[Tensor, "batch positions hidden"]:
        """Hidden states, zero outside the mask."""
        inside = mask.unsqueeze(2)
        # Zero, so that a window over the padding sees what a window over the edge sees.
        signal = embedded.masked_fill(~inside, 0.0).transpose(1, 2)
        with _exact_cudnn(enabled=True):
            features = torch.cat([convolution(signal) for convolution in self.convolutions], dim=1)
        return torch.relu(features).transpose(1, 2).masked_fill(~inside, 0.0)


class AverageEncoder(nn.Module):
    r"""$\tanh(W e_t + b)$ at every position by itself.

    Args:
        embedding_size: Dimensions of an embedding.
        units: Units of an encoded position.

    Source:
        Jain & Wallace (2019), whose "average" encoder mixes no positions.
    """

    def __init__(self, embedding_size: int, units: int) -> None:
        super().__init__()
        self.projection = nn.Linear(embedding_size, units)

    @property
    def size(self) -> int:
        """Units of an encoded position."""
        return self.projection.out_features

    def forward(
        self,
        embedded: Float[Tensor, "batch positions dimensions"],
        mask: Bool[Tensor, "batch positions"],
    ) -> Float[Tensor, "batch positions hidden"]:
        """Hidden states, zero outside the mask."""
        return torch.tanh(self.projection(embedded)).masked_fill(~mask.unsqueeze(2), 0.0)


ENCODERS: Mapping[str, Callable[[int, int], Encoder]] = {
    "bilstm": BiLSTMEncoder,
    "cnn": CNNEncoder,
    "average": AverageEncoder,
}
"""Encoders by name, from dimensions of an embedding and units."""
