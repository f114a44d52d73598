"""Documents through a function in batches as large as memory allows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeVar

import torch

from attnaudit.errors import DataError
from attnaudit.models.protocol import AttentionModel, Batch
from attnaudit.records import Document

TOKENS_ON_CPU = 4_096
"""Padded tokens of a batch on a CPU: larger ones leave its caches and are slower."""
FIRST_TOKENS = 16_384
"""Padded tokens of the first batch on an accelerator; what it needs is measured."""
MOST_TOKENS = 2**20
"""Padded tokens of any batch."""
SHARE_OF_FREE_MEMORY = 0.5
"""The rest is for what a batch of other lengths may need beyond what was measured."""

Result = TypeVar("Result")


@dataclass(slots=True)
class BatchLimits:
    """How large a batch may be, learnt from the batches so far.

    Attributes:
        tokens: Padded tokens of a batch.
        documents: Documents of a batch; None for as many as the tokens allow.
        most_tokens: What `tokens` never exceeds again: less than what once did not fit.
    """

    tokens: int
    documents: int | None = None
    most_tokens: int = MOST_TOKENS

    @classmethod
    def for_device(cls, device: torch.device, *, documents: int | None) -> "BatchLimits":
        """Where to begin."""
        on_cpu = device.type == "cpu"
        return cls(tokens=TOKENS_ON_CPU if on_cpu else FIRST_TOKENS, documents=documents)

    def fitting(self, lengths: Sequence[int]) -> int:
        """How many documents, the first of these ascending lengths, make the next batch."""
        number = 1
        for longest in lengths[1 : self.documents]:
            if (number + 1) * longest > self.tokens:
                break
            number += 1
        return number

    def learn(self, *, tokens: int, needed: int, free: int) -> None:
        """Set the tokens by the bytes that a batch needed and those that are free.

        A batch far below the limit teaches nothing: what any batch needs would weigh too much.
        """
        if needed > 0 and 2 * tokens >= self.tokens:
            affordable = int(SHARE_OF_FREE_MEMORY * free * tokens / needed)
            self.tokens = max(1, min(affordable, self.most_tokens))

    def halve(self, tokens: int) -> None:
        """A batch of so many padded tokens did not fit."""
        self.tokens = self.most_tokens = max(1, tokens // 2)


def in_batches(
    model: AttentionModel,
    documents: Sequence[tuple[Document, int]],
    work: Callable[[Batch], Result],
    limits: BatchLimits,
) -> Iterator[tuple[Batch, Result]]:
    """`work` done on all documents, neighbours in length together, so little of it is padding.

    What does not fit into memory is done again in halves, which changes no result.

    Args:
        model: Prepares the batches; its device is the one whose memory counts.
        documents: Each with the number of words that the model reads of it.
        work: What to do with a batch.
        limits: Changed on the way; hand it on to go on with what was learnt.

    Raises:
        DataError: If a single document does not fit.
    """
    waiting = sorted(documents, key=itemgetter(1))
    while waiting:
        number = limits.fitting([length for _, length in waiting])
        batch = model.prepare([document for document, _ in waiting[:number]])
        done = _attempted(model.device, batch, work, limits)
        if done is not None:
            yield batch, done[0]
            waiting = waiting[number:]
        elif number == 1:
            raise DataError(
                f"document {batch.documents[0]!r} of {int(batch.lengths[0])} tokens does not fit "
                f"into the memory of {model.device}; leave it out, or audit on a device with more"
            )


def _attempted(
    device: torch.device, batch: Batch, work: Callable[[Batch], Result], limits: BatchLimits
) -> tuple[Result] | None:
    """The result in a tuple, or None if memory ran out."""
    tokens = batch.mask.numel()
    try:
        if device.type != "cuda":
            return (work(batch),)
        torch.cuda.reset_peak_memory_stats(device)
        before = torch.cuda.memory_allocated(device)
        result = work(batch)
        needed = torch.cuda.max_memory_allocated(device) - before
    except (MemoryError, RuntimeError) as error:
        if not _says_out_of_memory(error):
            raise
        limits.halve(tokens)
    else:
        # What the allocator keeps for later is as good as free.
        kept = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        limits.learn(tokens=tokens, needed=needed, free=torch.cuda.mem_get_info(device)[0] + kept)
        return (result,)
    if device.type == "cuda":
        torch.cuda.empty_cache()
    return None


def _says_out_of_memory(error: Exception) -> bool:
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    # torch on a CPU, and the libraries below it on a GPU, have no class for it.
    return any(phrase in str(error) for phrase in ("can't allocate memory", "ALLOC_FAILED"))
