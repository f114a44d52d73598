"""Attention of networks that have learnt nothing, one of several for each document."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.models.protocol import AttentionModel, Batch

NETWORKS = 5
"""Networks of random weights that the documents of a null are shared out among."""

NO_COUNTERPART = "no random weights for this architecture"
"""Why a model has no null of random weights: the package cannot draw weights for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UntrainedModels:
    """Models that have learnt nothing, by number, and which of them a document is read by.

    Each document is read by one of them, not by all: a mean over documents is over all networks
    just as well, at a fraction of the cost.

    Attributes:
        draw: Makes the model of a number in [0, `NETWORKS`): the same one for the same number. It
            says itself how long it keeps one.
        seed: Seed of the run, by which documents are shared out.
    """

    draw: Callable[[int], AttentionModel]
    seed: int

    def number_of(self, document: str) -> int:
        """Number of a document's network, by a hash: the same in any batch, order and place."""
        name = f"{self.seed}\0network-of-document\0{document}".encode()
        return int.from_bytes(hashlib.sha256(name).digest()[:8], "little") % NETWORKS

    def attentions(
        self, batch: Batch, *, site: str, count: int
    ) -> tuple[Float[Tensor, "batch tokens"], ...]:
        """Attention of each document's own network, then of the next ones by number.

        Every network reads the documents that need it together, and none is kept here once the
        next is drawn.

        Args:
            batch: At least one document.
            site: Attention site.
            count: Networks for each document, from 1 to `NETWORKS`; the next one after the last is
                the first. Each costs a forward pass.

        Returns:
            So many attentions, zero at padding.
        """
        own = [self.number_of(document) for document in batch.documents]
        parts = []
        for number in range(NETWORKS):
            # Whether this is a document's own network, the one after that, and so on.
            places = [(number - first) % NETWORKS for first in own]
            rows = [row for row, place in enumerate(places) if place < count]
            if rows:
                place = torch.tensor([places[row] for row in rows], device=batch.mask.device)
                parts.append((place, *self._attention(number, batch, rows, site=site)))
        place, row, attention = (torch.cat(one) for one in zip(*parts, strict=True))
        found = attention.new_zeros(count, *batch.mask.shape)
        found[place, row] = attention
        return found.unbind()

    def _attention(
        self, number: int, batch: Batch, rows: Sequence[int], *, site: str
    ) -> tuple[Tensor, Tensor]:
        index = torch.tensor(rows, device=batch.mask.device)
        # What is attended holds the network, so it may not outlive this.
        [attended] = self.draw(number).attend(batch.select(index), sites=[site])
        return index, attended.attention
