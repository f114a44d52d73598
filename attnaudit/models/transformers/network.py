"""A network of the transformers library, called in one way whatever its architecture."""

import inspect
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from attnaudit.models.transformers.batch import PieceBatch


@dataclass(frozen=True, kw_only=True, slots=True)
class Inputs:
    """What a network reads.

    Attributes:
        ids: Int [batch pieces].
        mask: Bool [batch pieces], True at a piece that is no padding.
        segments: Int [batch pieces], 0 or 1.
    """

    ids: Int[Tensor, "batch pieces"]
    mask: Bool[Tensor, "batch pieces"]
    segments: Int[Tensor, "batch pieces"]

    @classmethod
    def of(cls, batch: PieceBatch) -> "Inputs":
        """What the network reads of a batch."""
        return cls(ids=batch.piece_ids, mask=batch.piece_mask, segments=batch.segments)

    def __len__(self) -> int:
        return len(self.ids)

    def select(self, index: Int[Tensor, " selected"]) -> "Inputs":
        """Some entries only."""
        return Inputs(ids=self.ids[index], mask=self.mask[index], segments=self.segments[index])

    def alone(self, row: int) -> "Inputs":
        """One entry without its padding, which comes last."""
        length = int(self.mask[row].sum())
        return Inputs(
            ids=self.ids[row : row + 1, :length],
            mask=self.mask[row : row + 1, :length],
            segments=self.segments[row : row + 1, :length],
        )

    def repeated(self, times: int) -> "Inputs":
        """Every entry so many times, one after the other."""
        rows = torch.arange(len(self), device=self.ids.device)
        return self.select(rows.repeat_interleave(times))

    def at(self, position: Int[Tensor, " batch"]) -> "Inputs":
        """Of each entry one piece, as if it were the whole of it."""
        rows = torch.arange(len(self), device=self.ids.device)
        return Inputs(
            ids=self.ids[rows, position].unsqueeze(1),
            mask=torch.ones_like(self.mask[:, :1]),
            segments=self.segments[rows, position].unsqueeze(1),
        )


class Network:
    """A sequence classifier.

    Args:
        module: A network `...ForSequenceClassification`.
        segmented: Whether it is told which piece is of which text. Some that could be are not, and
            read it as something else (GPT-2 adds the vector of piece 0).
    """

    def __init__(self, module: nn.Module, *, segmented: bool) -> None:
        self.module = module
        accepted = inspect.signature(module.forward).parameters
        self._has_segments = segmented and "token_type_ids" in accepted
        self._has_cache = "use_cache" in accepted

    @cached_property
    def embedding(self) -> nn.Module:
        """What turns numbers of pieces into vectors."""
        found: nn.Module = self._any.get_input_embeddings()
        return found

    @property
    def vocabulary_size(self) -> int:
        """How many pieces the embedding knows."""
        embedding: Any = self.embedding
        return int(embedding.weight.shape[0])

    @property
    def padding(self) -> int:
        """The piece that padding holds."""
        return int(self.configuration.pad_token_id)

    @cached_property
    def architecture(self) -> str:
        """Name of the network's class."""
        return type(self.module).__name__

    @property
    def configuration(self) -> Any:  # noqa: ANN401 - each architecture has its own
        """What the network was built from."""
        return self._any.config

    @property
    def _any(self) -> Any:  # noqa: ANN401 - torch types every attribute of a module as one
        return self.module

    def logits(self, inputs: Inputs) -> Float[Tensor, "batch outputs"]:
        """One forward pass.

        Args:
            inputs: At least one entry.
        """
        found: Tensor = self._run(inputs).logits
        return found

    def reported_attention(
        self, inputs: Inputs
    ) -> tuple[Float[Tensor, "batch heads queries pieces"], ...]:
        """Attention weights of each layer, as the network itself reports them."""
        with torch.no_grad():
            return tuple(self._run(inputs, output_attentions=True).attentions or ())

    def _run(self, inputs: Inputs, **asked: bool) -> Any:  # noqa: ANN401 - of any architecture
        arguments: dict[str, Any] = {
            "input_ids": inputs.ids,
            "attention_mask": inputs.mask.to(torch.int64),
        }
        if self._has_segments:
            arguments["token_type_ids"] = inputs.segments
        if self._has_cache:
            arguments["use_cache"] = False
        return self._any(**arguments, **asked, return_dict=True)
