"""Batches of documents of similar length, so that little is spent on padding."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from attnaudit.data.vocabulary import PADDING
from attnaudit.training.corpus import Example

_JITTER = 0.1

Tensors = tuple[Tensor, ...]
"""What a network takes, in its order, and then the class numbers of one batch.

That is [batch tokens] word numbers and mask (True at a word), and for documents of two texts also
[batch query_tokens] those of the second and [batch classes] the candidates.
"""


@dataclass(frozen=True, slots=True)
class Batches:
    """Examples in a fixed division into batches.

    Attributes:
        examples: What is divided.
        rows: The examples of each batch, by their place.
    """

    examples: Sequence[Example]
    rows: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Tensors]:
        for rows in self.rows:
            yield _collated([self.examples[row] for row in rows])


def shuffled_batches(examples: Sequence[Example], *, size: int, seed: int, epoch: int) -> Batches:
    """The batches of one epoch of training.

    Lengths are multiplied by a number drawn from [0.9, 1.1], examples are sorted by the result
    and cut into batches, and the batches are put in random order.

    Args:
        examples: The train split.
        size: Examples in a batch; the last one cut may have fewer.
        seed: Seed of the training.
        epoch: Counted from zero. Each has its own order, whatever came before it.

    Returns:
        Batches in which every example stands once.

    Source:
        The published code of Jain & Wallace (2019).
    """
    generator = _generator(seed, epoch)
    lengths = torch.tensor([len(example.words) for example in examples], dtype=torch.float64)
    noise = 2 * torch.rand(len(examples), generator=generator, dtype=torch.float64) - 1
    order = torch.argsort(lengths * (1 + _JITTER * noise), stable=True)
    cut = torch.split(order, size)
    shuffled = torch.randperm(len(cut), generator=generator)
    return Batches(examples, tuple(tuple(cut[place].tolist()) for place in shuffled.tolist()))


def sorted_batches(examples: Sequence[Example], *, size: int) -> Batches:
    """Batches for prediction: sorted by length, nothing random.

    Args:
        examples: Any split.
        size: Examples in a batch.

    Returns:
        Batches in which every example stands once.
    """
    order = sorted(range(len(examples)), key=lambda row: len(examples[row].words))
    return Batches(examples, tuple(tuple(order[i : i + size]) for i in range(0, len(order), size)))


def class_numbers(examples: Sequence[Example]) -> Int[Tensor, " examples"]:
    """The class of each example."""
    return torch.tensor([example.target for example in examples])


def class_shares(examples: Sequence[Example], *, classes: int) -> Float[Tensor, " classes"]:
    """Share of each class among some examples, in float64."""
    return torch.bincount(class_numbers(examples), minlength=classes).double() / len(examples)


def _generator(seed: int, epoch: int) -> torch.Generator:
    digest = hashlib.sha256(f"{seed}\0batches\0{epoch}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)


def _collated(examples: Sequence[Example]) -> Tensors:
    texts = _padded([example.words for example in examples])
    questions = [example.question for example in examples if example.question is not None]
    if not questions:
        return *texts, class_numbers(examples)
    candidates = torch.tensor([question.candidates for question in questions])
    asked = _padded([question.words for question in questions])
    return *texts, *asked, candidates, class_numbers(examples)


def _padded(
    texts: Sequence[tuple[int, ...]],
) -> tuple[Int[Tensor, "batch tokens"], Bool[Tensor, "batch tokens"]]:
    words = [torch.tensor(text) for text in texts]
    token_ids = pad_sequence(words, batch_first=True, padding_value=PADDING)
    lengths = torch.tensor([len(text) for text in texts])
    return token_ids, torch.arange(token_ids.shape[1]) < lengths.unsqueeze(1)
