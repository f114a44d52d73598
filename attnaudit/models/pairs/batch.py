"""Pairs of texts ready for a model."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from attnaudit.errors import InvalidArgumentError
from attnaudit.models.protocol import Batch, select_words


@dataclass(frozen=True, kw_only=True, slots=True)
class PairBatch(Batch):
    """A batch whose documents have a second text. What a `Batch` has is of the first.

    Several entries may share one second text, so that deletions from a document cost no encoding
    of its question.

    Attributes:
        query_ids: Int [queries query_tokens], words of the second texts, padded.
        query_mask: Bool [queries query_tokens], True at a real token.
        query_of: Int [batch], the row of `query_ids` that belongs to each entry.
        candidates: Bool [batch classes], True at a class that may be the answer.
    """

    query_ids: Int[Tensor, "queries query_tokens"]
    query_mask: Bool[Tensor, "queries query_tokens"]
    query_of: Int[Tensor, " batch"]
    candidates: Bool[Tensor, "batch classes"]

    def select(self, rows: Int[Tensor, " selected"]) -> "PairBatch":
        """Some documents only, as padded as before, with the second texts that they need."""
        first = select_words(self, rows)
        needed, query_of = torch.unique(self.query_of[rows], return_inverse=True)
        return PairBatch(
            documents=first.documents,
            tokens=first.tokens,
            token_ids=first.token_ids,
            mask=first.mask,
            truncated=first.truncated,
            query_ids=self.query_ids[needed],
            query_mask=self.query_mask[needed],
            query_of=query_of,
            candidates=self.candidates[rows],
        )


def checked_pairs(batch: Batch) -> PairBatch:
    """The same batch, known to hold pairs.

    Args:
        batch: From `prepare` or `without` of a model of two texts.

    Raises:
        InvalidArgumentError: If it has no second texts.
    """
    if isinstance(batch, PairBatch):
        return batch
    raise InvalidArgumentError(
        f"a model of two texts needs a PairBatch, and this is a {type(batch).__name__}. Pass what "
        "its own prepare or without returns."
    )
