"""What every readout of a transformer does with what it gives for rows of attention."""

from abc import ABC, abstractmethod

from jaxtyping import Float
from torch import Tensor

from attnaudit.models.readout import Link, apply_link
from attnaudit.models.transformers.rows import PieceRows


class ReadoutByRow(ABC):
    """A readout that has only to say which logits alternative rows give.

    Attributes:
        rows: The network's own attention of the heads that are replaced.
        link: From logits to probabilities.
    """

    __slots__ = ()
    rows: PieceRows
    link: Link

    @abstractmethod
    def replaced_logits(
        self, rows: Float[Tensor, "batch k rows words"]
    ) -> Float[Tensor, "batch k outputs"]:
        """The same as `replace`, before the link function."""

    def __call__(
        self, attention: Float[Tensor, "batch k words"]
    ) -> Float[Tensor, "batch k classes"]:
        """Probabilities under k alternative attentions per unit, each used for all rows."""
        return apply_link(self.logits(attention), link=self.link)

    def replace(
        self, rows: Float[Tensor, "batch k rows words"]
    ) -> Float[Tensor, "batch k classes"]:
        """Probabilities when every row has its own alternative."""
        return apply_link(self.replaced_logits(rows), link=self.link)

    def logits(self, attention: Float[Tensor, "batch k words"]) -> Float[Tensor, "batch k outputs"]:
        """The same as calling, before the link function."""
        count = self.rows.own.shape[1]
        return self.replaced_logits(attention.unsqueeze(2).expand(-1, -1, count, -1))
