"""What a convolution gives for a word when another one, at some distance from it, is gone."""

from itertools import accumulate

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional


class Kernel:
    """A convolution, with the part of its windows that depends on one word alone.

    Args:
        convolution: A `Conv1d` of odd width, padded with zeros by as much as it reaches.
        embeddings: Of every distinct word; the first is zero, that of padding.

    Attributes:
        projections: [offsets rows filters] of every distinct word at every place in a window.
        bias: [filters].
        reach: Words on either side of the one in the middle of a window.
    """

    def __init__(
        self, convolution: nn.Module, embeddings: Float[Tensor, "rows dimensions"]
    ) -> None:
        self.projections = torch.einsum(
            "rd,fdo->orf", embeddings, convolution.get_parameter("weight")
        ).contiguous()
        self.bias = convolution.get_parameter("bias")
        self.reach = len(self.projections) // 2


class Windows:
    r"""The windows of one convolution around every word, whole or with a gap.

    A feature at position s is $b + \sum_o u_o(s + o)$ over the offsets o of the window, where
    $u_o(i)$ is the word at i projected by the kernel's weights at o. Without the word d places
    behind s, offsets from d on read one position further: the window is a sum over the first
    offsets at s and a sum over the last ones at s + 1; for a word before s it is the other way
    round, with s - 1. Such sums are kept for every number of offsets, so that a deletion costs one
    addition per feature.

    Args:
        kernel: The convolution.
        rows: Row of the kernel's words for every position, the marks included.
    """

    def __init__(self, kernel: Kernel, rows: Int[Tensor, "batch positions"]) -> None:
        self._kernel = kernel
        padded = functional.pad(rows, (kernel.reach, kernel.reach))
        read = [
            functional.embedding(padded[:, offset : offset + rows.shape[1]], projection)
            for offset, projection in enumerate(kernel.projections)
        ]
        nothing = torch.zeros_like(read[0])
        # Entry n of the first is the sum of the first n offsets; of the last, of all but those.
        self._first = list(accumulate(read, initial=nothing))
        self._last = list(accumulate(reversed(read), initial=nothing))[::-1]

    def features(self, distance: int) -> Float[Tensor, "batch tokens filters"]:
        """Of every word, without the word at this distance from it, negative if before it.

        At distance 0, and where the window does not reach, they are those of the whole document.
        """
        reach, bias = self._kernel.reach, self._kernel.bias
        here, before, behind = slice(1, -1), slice(None, -2), slice(2, None)
        if distance == 0 or abs(distance) > reach:
            return self._first[-1][:, here] + bias
        if distance > 0:
            kept = reach + distance
            return self._first[kept][:, here] + self._last[kept][:, behind] + bias
        moved = reach + distance + 1
        return self._first[moved][:, before] + self._last[moved][:, here] + bias
