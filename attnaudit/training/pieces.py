"""Documents as a pretrained network reads them: sub-tokens, and of which text each is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from attnaudit.models.transformers.words import first_text
from attnaudit.records import Document
from attnaudit.training.batches import Batches, class_numbers
from attnaudit.training.corpus import Example


@dataclass(frozen=True, slots=True)
class PieceExample(Example):
    """One document, its one text or both of them in one row of sub-tokens.

    `words` are numbers of sub-tokens, special ones included.

    Attributes:
        segments: Of each sub-token, 0 in the first text and 1 in the second, where the tokeniser
            tells them apart.
    """

    segments: tuple[int, ...] = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class PieceBatches:
    """Examples in a fixed division into batches.

    Attributes:
        batches: The division of a sequence of `PieceExample`.
        padding: The sub-token that padding holds.
    """

    batches: Batches
    padding: int

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        """Of each batch ids, mask (True at a sub-token) and segments, and the class numbers."""
        for rows in self.batches.rows:
            yield self._collated([self.batches.examples[row] for row in rows])

    def _collated(self, examples: Sequence[Any]) -> tuple[Tensor, ...]:
        lengths = torch.tensor([len(one.words) for one in examples])
        mask = torch.arange(int(lengths.max())) < lengths.unsqueeze(1)
        ids = _padded([one.words for one in examples], self.padding)
        segments = _padded([one.segments for one in examples], 0)
        return ids, mask, segments, class_numbers(examples)


def piece_examples(
    documents: Sequence[Document],
    tokenizer: Any,  # noqa: ANN401 - of any model
    classes: Sequence[str],
) -> list[PieceExample]:
    """Each document as an audit of the network will read it.

    Args:
        documents: Labelled, all of one text or all of two, at least one.
        tokenizer: Its `model_max_length` is the longest input. A longer document loses its end.
            Of two texts the longer one does, until they are equally long, and then both.
        classes: Names; a target is a place among them.
    """
    asked = documents[0].text2 is not None
    read = tokenizer(
        [first_text(one).text for one in documents],
        [one.text2 for one in documents] if asked else None,
        truncation=True,
        max_length=tokenizer.model_max_length,
        return_token_type_ids=True,
    )
    return [
        PieceExample(tuple(ids), classes.index(str(one.label)), segments=tuple(segments))
        for ids, segments, one in zip(
            read["input_ids"], read["token_type_ids"], documents, strict=True
        )
    ]


def _padded(rows: Sequence[Sequence[int]], value: int) -> Int[Tensor, "rows longest"]:
    found: Tensor = pad_sequence(
        [torch.tensor(row) for row in rows], batch_first=True, padding_value=value
    )
    return found
