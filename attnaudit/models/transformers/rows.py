"""Attention over the pieces that a network reads, seen as attention over words, and back."""

from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from attnaudit.models.transformers.batch import NO_WORD


@dataclass(frozen=True, kw_only=True)
class PieceRows:
    """The distributions of a site as the network computes them, one per layer, head and query.

    What lies on special tokens and on a second text is neither used nor emptied by a replacement:
    with S the weight they have in a row, a distribution over the words is given 1 - S of it. The
    pieces of a word share its weight as they do in the network's own row; equally where they have
    none.

    Attributes:
        own: [batch rows pieces], on the simplex, 0 at padding.
        real: [batch rows], False where a row belongs to a padded query and says nothing.
        word_of: [batch pieces], the word of each piece or `NO_WORD`.
        mask: [batch words], True at a real word.
    """

    own: Float[Tensor, "batch rows pieces"]
    real: Bool[Tensor, "batch rows"]
    word_of: Int[Tensor, "batch pieces"]
    mask: Bool[Tensor, "batch words"]

    def select(self, index: Int[Tensor, " selected"]) -> "PieceRows":
        """The rows of some entries only."""
        chosen = PieceRows(
            own=self.own[index],
            real=self.real[index],
            word_of=self.word_of[index],
            mask=self.mask[index],
        )
        # Selecting happens at every step of a search, and need not compute it again.
        vars(chosen)["_scale"] = self._scale[index]
        return chosen

    def on_words(self) -> Float[Tensor, "batch rows"]:
        """1 - S: how much of each row lies on words of the first text, in [0, 1]."""
        return self._per_word().sum(dim=2)

    def special_mass(self) -> Float[Tensor, " batch"]:
        """S, the mean over real rows: how much lies on none of the words, in [0, 1]."""
        # Padding belongs to no word either, and has no weight.
        outside = (self.word_of == NO_WORD).unsqueeze(2).to(self.own)
        of_row = (self.own @ outside).squeeze(2)
        real = self.real.to(of_row)
        return (of_row * real).sum(dim=1) / real.sum(dim=1)

    def over_words(self) -> Float[Tensor, "batch rows words"]:
        """Each row on the simplex over the words; uniform if none of it lies on words.

        The row of a padded query is the mean of the others.
        """
        per_word = self._per_word()
        total = per_word.sum(dim=2, keepdim=True)
        equal = self.mask.to(per_word) / self.mask.sum(dim=1, keepdim=True)
        rows = torch.where(total > 0, per_word / total, equal.unsqueeze(1))
        real = self.real.unsqueeze(2).to(rows)
        mean = (rows * real).sum(dim=1, keepdim=True) / real.sum(dim=1, keepdim=True)
        return torch.where(self.real.unsqueeze(2), rows, mean)

    def over_pieces(
        self, rows: Float[Tensor, "batch k rows words"]
    ) -> Float[Tensor, "batch k rows pieces"]:
        """What the network would have to compute so that its words have these distributions.

        Args:
            rows: k alternatives of every row, each on the simplex over the words. The network's
                own, `over_words`, give `own` again.
        """
        of_word = self.word_of != NO_WORD
        place = self.word_of.clamp(min=0)[:, None, None, :]
        spread = rows.gather(3, place.expand(*rows.shape[:3], -1))
        kept = self.own.masked_fill(of_word.unsqueeze(1), 0.0).unsqueeze(1)
        return spread * self._scale.unsqueeze(1) + kept

    def _per_word(self) -> Float[Tensor, "batch rows words"]:
        return _summed(self.own, self.word_of, self.mask.shape[1])

    @cached_property
    def _scale(self) -> Float[Tensor, "batch rows pieces"]:
        """What a word's share of all words is multiplied by at each piece."""
        return self._shares() * self.on_words().unsqueeze(2)

    def _shares(self) -> Float[Tensor, "batch rows pieces"]:
        """How much of its word's weight each piece has; 0 where there is no word."""
        of_word = (self.word_of != NO_WORD).unsqueeze(1)
        words = self.mask.shape[1]
        ones = of_word.to(self.own)
        total = _spread(_summed(self.own, self.word_of, words), self.word_of)
        number = _spread(_summed(ones, self.word_of, words), self.word_of)
        shares = torch.where(total > 0, self.own / total, 1 / number.clamp(min=1))
        # Filled, for in place of a word there is any number, also one that is not finite.
        return shares.masked_fill(~of_word, 0.0)


def _summed(
    pieces: Float[Tensor, "batch rows pieces"], word_of: Int[Tensor, "batch pieces"], words: int
) -> Float[Tensor, "batch rows words"]:
    # One place behind the words takes what belongs to none.
    place = torch.where(word_of == NO_WORD, words, word_of).unsqueeze(1).expand(pieces.shape)
    total = pieces.new_zeros(*pieces.shape[:2], words + 1)
    return total.scatter_add(2, place, pieces)[:, :, :words]


def _spread(
    words: Float[Tensor, "batch rows words"], word_of: Int[Tensor, "batch pieces"]
) -> Float[Tensor, "batch rows pieces"]:
    place = word_of.clamp(min=0).unsqueeze(1)
    return words.gather(2, place.expand(-1, words.shape[1], -1))
