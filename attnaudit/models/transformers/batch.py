"""Documents as sub-tokens, with the word that each belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from attnaudit.errors import InvalidArgumentError
from attnaudit.models.deletions import without_words
from attnaudit.models.protocol import Batch, select_words

NO_WORD = -1
"""In place of a word, for special tokens, for the second text and for padding."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PieceBatch(Batch):
    """A batch of words, each read by the network as one or several sub-tokens ("pieces").

    `token_ids` tell words of the batch apart; the network reads `piece_ids`.

    Attributes:
        piece_ids: Int [batch pieces], special tokens included, padded at the end.
        piece_mask: Bool [batch pieces], True at a piece that is no padding.
        segments: Int [batch pieces], 0 in the first text and 1 in the second, where the network
            tells them apart.
        word_of: Int [batch pieces], which word of the first text a piece belongs to, or `NO_WORD`.
        place_in_word: Int [batch pieces], 0 for the first piece of a word.
    """

    piece_ids: Int[Tensor, "batch pieces"]
    piece_mask: Bool[Tensor, "batch pieces"]
    segments: Int[Tensor, "batch pieces"]
    word_of: Int[Tensor, "batch pieces"]
    place_in_word: Int[Tensor, "batch pieces"]

    def select(self, rows: Int[Tensor, " selected"]) -> "PieceBatch":
        """Some documents only, as padded as before."""
        words = select_words(self, rows)
        return PieceBatch(
            documents=words.documents,
            tokens=words.tokens,
            token_ids=words.token_ids,
            mask=words.mask,
            truncated=words.truncated,
            piece_ids=self.piece_ids[rows],
            piece_mask=self.piece_mask[rows],
            segments=self.segments[rows],
            word_of=self.word_of[rows],
            place_in_word=self.place_in_word[rows],
        )


def checked_pieces(batch: Batch) -> PieceBatch:
    """The same batch, known to hold pieces and at least one document.

    Args:
        batch: From `prepare`, `without` or `masked` of a transformer.

    Raises:
        InvalidArgumentError: If it is another kind of batch, or empty.
    """
    if not isinstance(batch, PieceBatch):
        raise InvalidArgumentError(
            f"a transformer needs a PieceBatch, and this is a {type(batch).__name__}. Pass what "
            "its own prepare or without returns."
        )
    if not batch.documents:
        raise InvalidArgumentError(
            "the batch holds no document. Look at `skipped`, and pass only batches with documents."
        )
    return batch


def without_pieces(
    batch: PieceBatch, deletions: Sequence[tuple[int, int]], *, padding: int
) -> PieceBatch:
    """One entry per deletion: that row with all pieces of that word taken out.

    Special tokens and the second text stay; what follows the word moves up.

    Args:
        batch: Any batch.
        deletions: Pairs (row, word), counted from zero.
        padding: What padding holds.

    Raises:
        InvalidArgumentError: If there is no such row or word, or it is the row's only one.
    """
    words = without_words(batch, deletions)
    rows, deleted = _indices(batch, deletions)
    word_of = batch.word_of[rows]
    kept = batch.piece_mask[rows] & (word_of != deleted)
    # Stable, so that the kept pieces stay in their order.
    order = (~kept).to(torch.int64).argsort(dim=1, stable=True)
    longest = int(kept.sum(dim=1).max()) if len(deletions) else 0
    order = order[:, :longest]
    mask = kept.gather(1, order)
    moved = (word_of - (word_of > deleted).to(word_of.dtype)).gather(1, order)
    return PieceBatch(
        documents=words.documents,
        tokens=words.tokens,
        token_ids=words.token_ids,
        mask=words.mask,
        # Decoders look for the last piece that is no padding among these numbers.
        piece_ids=batch.piece_ids[rows].gather(1, order).masked_fill(~mask, padding),
        piece_mask=mask,
        segments=batch.segments[rows].gather(1, order),
        word_of=moved.masked_fill(~mask, NO_WORD),
        place_in_word=batch.place_in_word[rows].gather(1, order),
    )


def masked_pieces(
    batch: PieceBatch, places: Sequence[tuple[int, int]], *, mask_id: int
) -> PieceBatch:
    """One entry per place: that row with every piece of that word replaced by the mask token.

    Args:
        batch: Any batch.
        places: Pairs (row, word), counted from zero.
        mask_id: Number of the mask token.

    Raises:
        InvalidArgumentError: If there is no such row or word.
    """
    for row, word in places:
        if not (0 <= row < len(batch.tokens) and 0 <= word < len(batch.tokens[row])):
            raise InvalidArgumentError(
                f"there is no word {word} of a row {row} to mask; the batch has "
                f"{len(batch.tokens)} rows, and words are counted from zero."
            )
    rows, hidden = _indices(batch, places)
    word_of = batch.word_of[rows]
    return PieceBatch(
        documents=tuple(batch.documents[row] for row, _ in places),
        tokens=tuple(batch.tokens[row] for row, _ in places),
        token_ids=batch.token_ids[rows],
        mask=batch.mask[rows],
        piece_ids=batch.piece_ids[rows].masked_fill(word_of == hidden, mask_id),
        piece_mask=batch.piece_mask[rows],
        segments=batch.segments[rows],
        word_of=word_of,
        place_in_word=batch.place_in_word[rows],
    )


def _indices(
    batch: PieceBatch, places: Sequence[tuple[int, int]]
) -> tuple[Int[Tensor, " entries"], Int[Tensor, "entries 1"]]:
    table = torch.tensor(list(places), dtype=torch.int64, device=batch.mask.device).reshape(-1, 2)
    return table[:, 0], table[:, 1:]
