"""The readout of a site whose numbers nothing can take the place of."""
# ruff: noqa: ARG002 - arguments are those of every readout

from dataclasses import dataclass
from typing import NoReturn

from jaxtyping import Float, Int
from torch import Tensor

from attnaudit.errors import UsageError


@dataclass(frozen=True, kw_only=True, slots=True)
class IrreplaceableReadout:
    """Refuses whatever it is asked: no output follows from such numbers alone.

    Attributes:
        site: Name of the site.
    """

    site: str

    def __call__(self, attention: Float[Tensor, "batch k tokens"]) -> NoReturn:
        """Refused.

        Raises:
            UsageError: Always.
        """
        self._refuse()

    def replace(self, rows: Float[Tensor, "batch k rows tokens"]) -> NoReturn:
        """Refused, as a call is."""
        self._refuse()

    def logits(self, attention: Float[Tensor, "batch k tokens"]) -> NoReturn:
        """Refused, as a call is."""
        self._refuse()

    def select(self, index: Int[Tensor, " selected"]) -> "IrreplaceableReadout":
        """The same for some units only."""
        return self

    def _refuse(self) -> NoReturn:
        raise UsageError(
            f"attention at site {self.site!r} cannot be replaced: it is computed from the model's "
            "attention and is no part of the model, so there is no output under another. What can "
            "be asked there is whether it agrees with an importance other than attention-gradient, "
            "and whether it changes when weights are drawn at random. Choose a site that can be "
            "replaced for this claim."
        )
