"""One direction of an LSTM that reads every document once more for each word it leaves out."""

from collections.abc import Iterator

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from attnaudit.models.leave_one_out.tangent import tanh_


class Direction:
    """The weights of one direction, with the part of its gates that depends on the word alone.

    Args:
        recurrence: The direction.
        embeddings: Of every distinct word.

    Attributes:
        inputs: [rows gates] gates of every distinct word, without the state.
        weight: [units gates] of the state.
    """

    def __init__(self, recurrence: nn.LSTM, embeddings: Float[Tensor, "rows dimensions"]) -> None:
        bias = recurrence.get_parameter("bias_ih_l0") + recurrence.get_parameter("bias_hh_l0")
        self.inputs = embeddings @ recurrence.get_parameter("weight_ih_l0").T + bias
        self.weight = recurrence.get_parameter("weight_hh_l0").T.contiguous()


class Reading:
    """States of documents, whole and without each word, all in step.

    Up to the deletion the states are those of the whole document; from there on each deletion has
    a state of its own, and all of them read the same next word.

    Args:
        direction: How states follow each other.
        rows: Row of the direction's `inputs` for every position in reading order: mark, words,
            mark.

    Attributes:
        states: [tokens batch units] hidden states of the words of the whole documents.
    """

    def __init__(self, direction: Direction, rows: Int[Tensor, "batch positions"]) -> None:
        self._direction = direction
        # The mark at the end is read after every word and changes none.
        self._rows = rows.T[:-1]
        shape = (*self._rows.shape, len(direction.weight))
        self._hidden = direction.weight.new_zeros(shape)
        self._cell = torch.zeros_like(self._hidden)
        self._read_whole()
        self.states = self._hidden[1:]

    def disturbed(self) -> Iterator[tuple[int, Float[Tensor, "deletions batch units"]]]:
        """For each word s but the first: its states when word t was left out, for every t < s.

        They are overwritten when the next ones are asked for.
        """
        hidden, cell = torch.empty_like(self.states), torch.empty_like(self.states)
        for word in range(1, len(self.states)):
            # The newest deletion is that of the word before this one: what it has read so far is
            # the whole document up to the position before that word's.
            hidden[word - 1], cell[word - 1] = self._hidden[word - 1], self._cell[word - 1]
            self._step(word + 1, hidden[:word], cell[:word])
            yield word, hidden[:word]

    def _read_whole(self) -> None:
        hidden, cell = torch.zeros_like(self._hidden[:1]), torch.zeros_like(self._cell[:1])
        for position in range(len(self._rows)):
            self._step(position, hidden, cell)
            self._hidden[position], self._cell[position] = hidden[0], cell[0]

    def _step(
        self,
        position: int,
        hidden: Float[Tensor, "states batch units"],
        cell: Float[Tensor, "states batch units"],
    ) -> None:
        """One step of an LSTM (Hochreiter & Schmidhuber 1997) for many states and one input.

        States are overwritten: fresh memory for every step would cost more than the arithmetic.
        """
        gates = hidden @ self._direction.weight
        gates += self._direction.inputs[self._rows[position]]
        enter, forget, candidate, leave = gates.chunk(4, dim=2)
        # One call for all four; that of the candidate is a tangent, 2 sigmoid(2x) - 1.
        candidate.mul_(2)
        gates.sigmoid_()
        candidate.mul_(2).sub_(1)
        cell.mul_(forget).addcmul_(enter, candidate)
        tanh_(hidden.copy_(cell)).mul_(leave)
