"""The words that a model knows, and their numbers."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Self

from attnaudit.data.tokenization import normalise
from attnaudit.errors import InvalidArgumentError, ModelError

PADDING, UNKNOWN, START, END = range(4)
SPECIALS = ("<pad>", "<unk>", "<start>", "<end>")
"""Always the first four, in the order of PADDING, UNKNOWN, START and END."""

_SCHEMA = 1


@dataclass(frozen=True)
class Vocabulary:
    """Words by number; the four specials come first.

    Attributes:
        words: Distinct words; the number of a word is its place.

    Raises:
        ModelError: If a special is not in its place, or a word is empty or stands twice.
    """

    words: tuple[str, ...]

    def __post_init__(self) -> None:
        _check_words(self.words)

    def __len__(self) -> int:
        return len(self.words)

    @classmethod
    def build(cls, documents: Iterable[Iterable[str]], *, min_document_frequency: int) -> Self:
        """The normalised words of some documents.

        Args:
            documents: Words of each document, normalised or not.
            min_document_frequency: In how many documents a word must occur, at least 1.

        Returns:
            Specials, then words by falling document frequency, then by alphabet.

        Raises:
            InvalidArgumentError: If the least frequency is below 1.
        """
        if min_document_frequency < 1:
            raise InvalidArgumentError(
                f"min_document_frequency must be at least 1, not {min_document_frequency}."
            )
        frequencies = Counter(
            word for words in documents for word in {normalise(token) for token in words}
        )
        known = [
            word
            for word, frequency in frequencies.items()
            if frequency >= min_document_frequency and word and word not in SPECIALS
        ]
        known.sort(key=lambda word: (-frequencies[word], word))
        return cls((*SPECIALS, *known))

    def encode(self, tokens: Iterable[str]) -> list[int]:
        """Numbers of the normalised words, without start and end marks.

        Args:
            tokens: Words, normalised or not.

        Returns:
            One number per word; UNKNOWN for a word it does not know. A word that is spelled like
            a special is unknown too: a text must not be able to pad itself.
        """
        numbers = self._numbers
        return [numbers.get(normalise(token), UNKNOWN) for token in tokens]

    def to_json(self) -> str:
        """The content of vocabulary.json."""
        return json.dumps({"schema": _SCHEMA, "words": self.words}, ensure_ascii=False, indent=0)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the content of vocabulary.json.

        Args:
            text: What `to_json` wrote.

        Returns:
            The same vocabulary.

        Raises:
            ModelError: If it is not JSON of the known schema, or its words are not in order.
        """
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ModelError(
                f"vocabulary.json is not JSON ({error}). Export the model again."
            ) from error
        if not isinstance(content, dict) or sorted(content) != ["schema", "words"]:
            seen = sorted(content) if isinstance(content, dict) else type(content).__name__
            raise ModelError(
                'vocabulary.json must be {"schema": 1, "words": [...]} and nothing else; it is '
                f"{ascii(seen)[:80]}. Export the model again."
            )
        if content["schema"] != _SCHEMA or isinstance(content["schema"], bool):
            raise ModelError(
                f"vocabulary.json has schema {ascii(content['schema'])[:80]}; this version reads "
                f"schema {_SCHEMA}. Export the model again, or install the attnaudit that wrote it."
            )
        if not isinstance(content["words"], list):
            raise ModelError(
                f"vocabulary.json: words must be a list, not {type(content['words']).__name__}. "
                "Export the model again."
            )
        return cls(tuple(content["words"]))

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return MappingProxyType(
            {word: i for i, word in enumerate(self.words) if i >= len(SPECIALS)}
        )


def _check_words(words: tuple[object, ...]) -> None:
    if words[: len(SPECIALS)] != SPECIALS:
        raise ModelError(
            f"the vocabulary must begin with {', '.join(SPECIALS)}; it begins with "
            f"{ascii(words[: len(SPECIALS)])[:80]}. Export the model again."
        )
    seen: set[str] = set()
    for number, word in enumerate(words):
        if not isinstance(word, str) or not word or not _is_writable(word):
            raise ModelError(
                f"word {number} of the vocabulary must be a non-empty string of whole characters, "
                f"not {ascii(word)[:80]}. Export the model again."
            )
        if word in seen:
            raise ModelError(
                f"word {number} of the vocabulary, {ascii(word)[:80]}, stands there twice. Export "
                "the model again."
            )
        seen.add(word)


def _is_writable(word: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in word)
