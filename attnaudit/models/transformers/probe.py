"""Made-up inputs on which a network is tried, and attention to try it with."""

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.models.transformers.network import Inputs, Network
from attnaudit.models.transformers.recording import Recorded
from attnaudit.models.transformers.rows import PieceRows
from attnaudit.models.transformers.sites import Heads

_LENGTHS = (12, 7, 4)


def probe_inputs(network: Network, *, padding: int, longest: int, device: torch.device) -> Inputs:
    """A few made-up inputs of different lengths, the same every time.

    One ends in the piece that padding holds, which shows whether the network tells padding by its
    mask or by that piece.

    Args:
        network: Its embedding says which pieces there are.
        padding: The piece that padding holds.
        longest: Pieces of the longest input.
        device: Where they lie.
    """
    generator = torch.Generator().manual_seed(0)
    shape = (len(_LENGTHS), min(max(_LENGTHS), longest))
    drawn = torch.randint(network.vocabulary_size - 1, shape, generator=generator)
    ids = drawn + (drawn >= padding)
    lengths = torch.tensor(_LENGTHS).clamp(max=longest)
    mask = torch.arange(shape[1]) < lengths.unsqueeze(1)
    ids = torch.where(mask, ids, padding)
    ids[1, lengths[1] - 1] = padding
    segments = torch.zeros_like(ids)
    return Inputs(ids=ids.to(device), mask=mask.to(device), segments=segments.to(device))


def piecewise_rows(recorded: Recorded, heads: Heads) -> PieceRows:
    """Rows of a site in which every visible piece is a word of its own."""
    mask = recorded.inputs.mask
    place = torch.arange(mask.shape[1], device=mask.device).expand(mask.shape)
    number = sum(len(chosen) for chosen in heads.heads)
    return PieceRows(
        own=recorded.rows_of(heads),
        real=recorded.of(heads).queries.real.repeat(1, number),
        word_of=torch.where(mask, place, -1),
        mask=mask,
    )


def reversed_rows(rows: PieceRows) -> Float[Tensor, "batch 1 rows words"]:
    """The same weights the other way round, among the words of each entry."""
    own = rows.over_words()
    lengths = rows.mask.sum(dim=1, keepdim=True)
    place = torch.arange(own.shape[2], device=own.device)
    back = torch.where(rows.mask, lengths - 1 - place, place)
    return own.gather(2, back.unsqueeze(1).expand(own.shape)).unsqueeze(1)
