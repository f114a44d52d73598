"""What the pieces of each word have together."""

import torch
from jaxtyping import Shaped
from torch import Tensor

from attnaudit.models.transformers.batch import NO_WORD, PieceBatch


def per_word(
    values: Shaped[Tensor, "batch pieces *each"], batch: PieceBatch
) -> Shaped[Tensor, "batch words *each"]:
    """Sums over the pieces of each word; what belongs to no word is left out.

    Args:
        values: One number, or several, of each piece.
        batch: Which word each piece belongs to.
    """
    words = batch.mask.shape[1]
    # One place behind the words takes what belongs to none.
    place = torch.where(batch.word_of == NO_WORD, words, batch.word_of)
    place = place.reshape(*place.shape, *(1 for _ in values.shape[2:])).expand(values.shape)
    total = values.new_zeros(len(values), words + 1, *values.shape[2:])
    # Some networks' own linear maps take no part of another tensor.
    return total.scatter_add(1, place, values)[:, :words].contiguous()
