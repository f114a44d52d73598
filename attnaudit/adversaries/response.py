"""The output of one unit as a function of its attention, and how fast it moves."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Bool, Float64
from scipy.special import softmax
from torch import Tensor

from attnaudit.adversaries._instance import Instance
from attnaudit.models.protocol import Readout

ENTRIES_AT_ONCE = 2**20
"""Attention weights handed to a readout in one run."""


@runtime_checkable
class Response(Protocol):
    """Probabilities from the attention over the real tokens of one unit, in float64."""

    def probabilities(
        self, weights: Float64[np.ndarray, "k tokens"]
    ) -> Float64[np.ndarray, "k classes"]:
        """The output under each of k attentions."""
        ...

    def jacobian(
        self, weights: Float64[np.ndarray, " tokens"]
    ) -> Float64[np.ndarray, "classes tokens"]:
        """Derivative of each probability by each weight."""
        ...


@dataclass(frozen=True, slots=True)
class SoftmaxResponse:
    """Softmax of the attention-weighted mean of token logits.

    Attributes:
        logits: [tokens classes] what each token gives alone, with the bias.
    """

    logits: Float64[np.ndarray, "tokens classes"]

    def probabilities(
        self, weights: Float64[np.ndarray, "k tokens"]
    ) -> Float64[np.ndarray, "k classes"]:
        """The output under each of k attentions."""
        return np.asarray(softmax(weights @ self.logits, axis=1))

    def jacobian(
        self, weights: Float64[np.ndarray, " tokens"]
    ) -> Float64[np.ndarray, "classes tokens"]:
        """$(diag(p) - p p^T) Z^T$ for token logits Z."""
        p = softmax(weights @ self.logits)
        return np.asarray(p[:, None] * (self.logits - self.logits @ p[:, None]).T)


@dataclass(frozen=True, slots=True)
class ReadoutResponse:
    """Any readout, run in its own precision and differentiated by torch.

    Attributes:
        readout: Of this unit alone.
        mask: [1 tokens] the unit's real tokens in the width the readout expects.
        dtype: Precision of the readout.
    """

    readout: Readout
    mask: Bool[Tensor, "1 width"]
    dtype: torch.dtype

    @classmethod
    def of(cls, instance: Instance) -> "ReadoutResponse":
        """The response of an instance with a single unit."""
        return cls(instance.readout, instance.mask, instance.dtype)

    @torch.no_grad()
    def probabilities(
        self, weights: Float64[np.ndarray, "k tokens"]
    ) -> Float64[np.ndarray, "k classes"]:
        """The output under each of k attentions, a bounded number at a time."""
        rows = max(1, ENTRIES_AT_ONCE // self.mask.shape[1])
        parts = [
            self.readout(self._padded(weights[start : start + rows]))[0]
            for start in range(0, len(weights), rows)
        ]
        return _normalised(torch.cat(parts))

    def jacobian(
        self, weights: Float64[np.ndarray, " tokens"]
    ) -> Float64[np.ndarray, "classes tokens"]:
        """One backward pass per class."""
        with torch.enable_grad():
            attention = self._padded(weights[None]).requires_grad_()
            output = self.readout(attention)[0, 0]
            if not output.requires_grad:
                # The output does not depend on attention at all.
                return np.zeros((len(output), len(weights)))
            gradients = [
                torch.autograd.grad(probability, attention, retain_graph=True)[0]
                for probability in output
            ]
        return torch.cat(gradients)[:, 0, self.mask[0]].double().cpu().numpy()

    def _padded(self, weights: Float64[np.ndarray, "k tokens"]) -> Tensor:
        padded = torch.zeros(
            1, len(weights), self.mask.shape[1], dtype=self.dtype, device=self.mask.device
        )
        padded[:, :, self.mask[0]] = torch.from_numpy(weights).to(self.mask.device, self.dtype)
        return padded


def _normalised(probabilities: Tensor) -> Float64[np.ndarray, "k classes"]:
    # The sums of float32 probabilities stray from 1 by their rounding.
    exact = probabilities.double()
    return (exact / exact.sum(dim=1, keepdim=True)).cpu().numpy()
