"""The hyperbolic tangent by way of the logistic function."""

from jaxtyping import Float
from torch import Tensor


def tanh_(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    r"""$\tanh x = 2 \sigma(2 x) - 1$ in place, to a rounding error of 1.

    On a processor a logistic function is several times faster than the library's own tangent,
    which would take a third of the time of an LSTM's step.
    """
    return x.mul_(2).sigmoid_().mul_(2).sub_(1)
