"""What a training is asked to do. Needs no torch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Literal, get_args

from attnaudit.data.tokenization import Tokenizer
from attnaudit.errors import UsageError
from attnaudit.models.pairs.candidates import Candidates
from attnaudit.training.recipes import EMBEDDING_SCALE

Encoder = Literal["bilstm", "cnn", "average"]
Attention = Literal["additive", "dot"]

_LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingOptions:
    """Everything that decides which weights come out. Defaults are the paper's.

    Attributes:
        data: A catalog name, a path or "reader:path".
        encoder: "bilstm", "cnn" or "average".
        attention: "additive" or "dot".
        columns: Field to column of `data`, where they differ.
        seed: Seeds the initial weights and the order of the batches.
        epochs: Passes over the train split. The best of them on dev is kept, never the first
            unless it is the only one.
        device: "cpu", "cuda" or "auto".
        embeddings: A file of word vectors to begin with, or None to begin at random.
        tokenizer: How text is split into words; None asks the catalog, else it is "spacy".
        min_tokens: Shorter documents are left out of every split.
        max_tokens: Longer documents are left out of every split.
        min_document_frequency: In how many train documents a word must occur to be known.
        embedding_size: Dimensions of a word's embedding.
        embedding_scale: Standard deviation of its entries where they begin at random.
        hidden_size: Units per direction of "bilstm", in all otherwise.
        batch_size: Documents per step.
        candidates: For documents with a second text, which classes may be the answer: "all", or
            those "mentioned" in the first; None is all of them.

    Raises:
        UsageError: If a value is unknown or out of range.
    """

    data: str
    encoder: Encoder
    attention: Attention
    columns: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    epochs: int = 8
    device: str = "auto"
    embeddings: str | None = None
    tokenizer: Tokenizer | None = None
    min_tokens: int = 1
    max_tokens: int = 20_000
    min_document_frequency: int = 2
    embedding_size: int = 300
    embedding_scale: float = EMBEDDING_SCALE
    hidden_size: int = 128
    batch_size: int = 32
    candidates: Candidates | None = None

    def __post_init__(self) -> None:
        _check_choice("encoder", self.encoder, get_args(Encoder))
        _check_choice("attention", self.attention, get_args(Attention))
        if self.tokenizer is not None:
            _check_choice("tokenizer", self.tokenizer, get_args(Tokenizer))
        if self.candidates is not None:
            _check_choice("candidates", self.candidates, get_args(Candidates))
        _check_range("seed", self.seed, least=0, most=_LARGEST_SEED)
        _check_range("epochs", self.epochs, least=1)
        _check_range("min-tokens", self.min_tokens, least=1)
        _check_range("max-tokens", self.max_tokens, least=self.min_tokens)
        _check_range("min-document-frequency", self.min_document_frequency, least=1)
        _check_range("embedding-size", self.embedding_size, least=1)
        _check_scale(self.embedding_scale)
        _check_range("hidden-size", self.hidden_size, least=2)
        _check_range("batch-size", self.batch_size, least=1)


def _check_choice(name: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise UsageError(f"--{name} must be one of {', '.join(known)}; found {value!r}.")


def _check_scale(scale: float) -> None:
    if not 0 < scale < inf:
        raise UsageError(f"--embedding-scale must be positive and finite; found {scale}.")


def _check_range(name: str, value: int, *, least: int, most: int | None = None) -> None:
    if value < least:
        raise UsageError(f"--{name} must be at least {least}; found {value}.")
    if most is not None and value > most:
        raise UsageError(f"--{name} must be at most {most}; found {value}.")
