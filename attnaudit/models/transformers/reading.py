"""From documents to padded pieces, by the tokeniser that a model was trained with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor

from attnaudit.models.transformers.batch import NO_WORD, PieceBatch
from attnaudit.models.transformers.words import SpelledText, first_text
from attnaudit.records import Document, Skipped


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """A tokeniser with what the network can take.

    Attributes:
        tokenizer: A tokeniser of the transformers library that knows where its pieces lie in the
            text ("fast").
        longest: Pieces of the longest input, special tokens included.
        padding: What padding holds: any piece that the network knows.
        device: Where batches lie.
    """

    tokenizer: Any
    longest: int
    padding: int
    device: torch.device

    def prepare(self, documents: Sequence[Document]) -> PieceBatch:
        """Split into pieces, find the word of each, and pad.

        A text longer than the network's longest input loses its end. Of two texts the longer one
        does, until they are equally long, and then both. A word of which the tokeniser keeps
        nothing is left out.

        Args:
            documents: Of one or two texts. The words of the first are audited; the second text
                stays as it is, like a special token.

        Returns:
            The documents with at least one word; `skipped` names the others, `truncated` those
            that were cut.
        """
        read = [(document.id, self._read(document)) for document in documents]
        kept = [(name, one) for name, one in read if one.words]
        pieces = [one for _, one in kept]
        return PieceBatch(
            documents=tuple(name for name, _ in kept),
            tokens=tuple(one.words for one in pieces),
            token_ids=self._padded(_numbered(pieces), 0),
            mask=self._padded([(1,) * len(one.words) for one in pieces], 0).bool(),
            skipped=tuple(
                Skipped(document=name, reason="it has no token")
                for name, one in read
                if not one.words
            ),
            piece_ids=self._padded([one.ids for one in pieces], self.padding),
            piece_mask=self._padded([(1,) * len(one.ids) for one in pieces], 0).bool(),
            segments=self._padded([one.segments for one in pieces], 0),
            word_of=self._padded([one.word_of for one in pieces], NO_WORD),
            place_in_word=self._padded([_places(one.word_of) for one in pieces], 0),
            truncated=tuple(name for name, one in kept if one.truncated),
        )

    def _read(self, document: Document) -> "_Pieces":
        if document.text is not None and document.tokens is not None:
            # Words that were found in this very text before: the text says how they are spaced.
            found = self._pieces(SpelledText.of_text(document.text), document.text2)
            if found.words == document.tokens:
                return found
        return self._pieces(first_text(document), document.text2)

    def _pieces(self, spelled: SpelledText, second: str | None) -> "_Pieces":
        read = self.tokenizer(
            spelled.text,
            second,
            truncation=True,
            max_length=self.longest,
            return_offsets_mapping=True,
        )
        [encoding] = read.encodings
        of_first = [text == 0 for text in encoding.sequence_ids]
        offsets = [
            # Places in the second text say nothing of the first.
            place if first else (0, 0)
            for place, first in zip(encoding.offsets, of_first, strict=True)
        ]
        words = [
            word if first else NO_WORD
            for word, first in zip(spelled.words_of_pieces(offsets), of_first, strict=True)
        ]
        kept = sorted(set(words) - {NO_WORD})
        number = {word: position for position, word in enumerate(kept)} | {NO_WORD: NO_WORD}
        return _Pieces(
            words=tuple(spelled.words[word] for word in kept),
            ids=tuple(encoding.ids),
            segments=tuple(encoding.type_ids),
            word_of=tuple(number[word] for word in words),
            truncated=bool(encoding.overflowing),
        )

    def _padded(self, rows: Sequence[Sequence[int]], value: int) -> Int[Tensor, "rows longest"]:
        longest = max(map(len, rows), default=0)
        table = torch.full((len(rows), longest), value, dtype=torch.int64)
        for row, numbers in enumerate(rows):
            table[row, : len(numbers)] = torch.tensor(numbers, dtype=torch.int64)
        return table.to(self.device)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pieces:
    words: tuple[str, ...]
    ids: tuple[int, ...]
    segments: tuple[int, ...]
    word_of: tuple[int, ...]
    truncated: bool


def _places(word_of: Sequence[int]) -> list[int]:
    seen: dict[int, int] = {}
    places = []
    for word in word_of:
        places.append(0 if word == NO_WORD else seen.get(word, 0))
        seen[word] = seen.get(word, 0) + 1
    return places


def _numbered(documents: Sequence[_Pieces]) -> list[list[int]]:
    """Numbers of the words that are equal where, and only where, their pieces are."""
    known: dict[tuple[int, ...], int] = {}
    numbered = []
    for one in documents:
        pieces: list[list[int]] = [[] for _ in one.words]
        for piece, word in zip(one.ids, one.word_of, strict=True):
            if word != NO_WORD:
                pieces[word].append(piece)
        numbered.append([known.setdefault(tuple(word), len(known)) for word in pieces])
    return numbered
