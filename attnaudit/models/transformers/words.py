"""Where the words of a document lie in the text that a tokeniser reads."""

import re
from dataclasses import dataclass

from attnaudit.models.transformers.batch import NO_WORD
from attnaudit.records import Document

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, kw_only=True, slots=True)
class SpelledText:
    """A text and its words.

    Attributes:
        text: What the tokeniser reads.
        words: The words in their order, as they are spelled.
        spans: First character of each word in `text`, and the one after its last.
    """

    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of_text(cls, text: str) -> "SpelledText":
        """A text as it is: its words are what white space separates.

        Args:
            text: Any text.

        Example:
            >>> SpelledText.of_text(" so  good").spans
            ((1, 3), (5, 9))
        """
        found = list(_WORD.finditer(text))
        return cls(
            text=text,
            words=tuple(match.group() for match in found),
            spans=tuple(match.span() for match in found),
        )

    @classmethod
    def of_words(cls, words: tuple[str, ...]) -> "SpelledText":
        """Words that were split already, joined by single blanks.

        Args:
            words: Any words.
        """
        spans = []
        start = 0
        for word in words:
            spans.append((start, start + len(word)))
            start += len(word) + 1
        return cls(text=" ".join(words), words=words, spans=tuple(spans))

    def words_of_pieces(self, offsets: list[tuple[int, int]]) -> list[int]:
        """The word that each piece belongs to, or `NO_WORD`.

        A piece belongs to the word of its last character. White space belongs to the word that
        it precedes, so that a word is deleted together with the blank before it.

        Args:
            offsets: First character of each piece in `text`, and the one after its last.
        """
        word_at = [NO_WORD] * (len(self.text) + 1)
        end = 0
        for word, (start, stop) in enumerate(self.spans):
            word_at[end:stop] = [word] * (stop - end)
            end = max(end, stop) if stop > start else end
        return [word_at[max(start, stop - 1)] for start, stop in offsets]


def first_text(document: Document) -> SpelledText:
    """The first text of a document as it is, unless its words were split already.

    Args:
        document: `tokens` win over `text`.
    """
    if document.tokens is None:
        return SpelledText.of_text(document.text or "")
    return SpelledText.of_words(document.tokens)
