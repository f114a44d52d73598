"""Texts between a start and an end mark, as every encoder of the paper reads them."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional

from attnaudit.data.vocabulary import END, START


def between_marks(
    embeddings: Float[Tensor, "batch tokens dimensions"],
    mask: Bool[Tensor, "batch tokens"],
    vectors: Float[Tensor, "vocabulary dimensions"],
) -> tuple[Float[Tensor, "batch positions dimensions"], Bool[Tensor, "batch positions"]]:
    """Words between their marks, and which positions are not padding.

    Args:
        embeddings: One vector per word.
        mask: True at a word.
        vectors: The embedding of the whole vocabulary, with those of the marks.

    Returns:
        Two positions more than words, and True at words and marks.
    """
    framed = functional.pad(embeddings, (0, 0, 1, 1))
    position = torch.arange(framed.shape[1], device=mask.device)
    end = mask.sum(dim=1, keepdim=True) + 1
    framed = torch.where((position == 0)[:, None], vectors[START], framed)
    framed = torch.where((position == end).unsqueeze(2), vectors[END], framed)
    return framed, position <= end
