"""Documents with a word taken out."""

from collections.abc import Sequence

import torch

from attnaudit.errors import InvalidArgumentError
from attnaudit.models.protocol import Batch


def without_words(batch: Batch, deletions: Sequence[tuple[int, int]]) -> Batch:
    """One entry per deletion: that row with that token taken out.

    Args:
        batch: Any batch.
        deletions: Pairs (row, token), counted from zero.

    Returns:
        A batch with the ids of the rows, in the order of the deletions.

    Raises:
        InvalidArgumentError: If there is no such row or token, or it is the row's only one.
    """
    for row, token in deletions:
        _check_deletion(batch, row, token)
    device = batch.mask.device
    rows = torch.tensor([row for row, _ in deletions], dtype=torch.int64, device=device)
    taken = torch.tensor([token for _, token in deletions], dtype=torch.int64)
    longest = max((len(batch.tokens[row]) - 1 for row, _ in deletions), default=0)
    position = torch.arange(longest, device=device)
    kept = position + (position >= taken.to(device).unsqueeze(1))
    return Batch(
        documents=tuple(batch.documents[row] for row, _ in deletions),
        tokens=tuple(
            batch.tokens[row][:token] + batch.tokens[row][token + 1 :] for row, token in deletions
        ),
        token_ids=batch.token_ids[rows].gather(1, kept),
        mask=batch.mask[rows].gather(1, kept),
    )


def _check_deletion(batch: Batch, row: int, token: int) -> None:
    if not 0 <= row < len(batch.tokens):
        raise InvalidArgumentError(
            f"there is no row {row} to delete from; the batch has {len(batch.tokens)} rows."
        )
    if not 0 <= token < len(batch.tokens[row]):
        raise InvalidArgumentError(
            f"document {batch.documents[row]!r} has no token {token}; it has "
            f"{len(batch.tokens[row])}, counted from zero."
        )
    if len(batch.tokens[row]) == 1:
        raise InvalidArgumentError(
            f"document {batch.documents[row]!r} has a single token, and nothing would be left "
            "then. Name deletions in longer documents only."
        )
