r"""A polytope of attentions that all keep the output, by Hilbert's projective metric.

Two distributions whose log-ratios $\ln(p_c / q_c)$ span an interval of length d have a total
variation distance of at most $\tanh(d / 4)$. The log-ratios of a softmax are linear in attention
up to a common constant, so every attention under which the changes of the logits span at most
$4\,\mathrm{artanh}(\epsilon)$ is admissible.
"""

import math

import numpy as np
from jaxtyping import Float64

from attnaudit.adversaries.program import Failure, Program


def farthest_inside(
    attention: Float64[np.ndarray, " tokens"],
    logits: Float64[np.ndarray, "tokens classes"],
    *,
    cost: Float64[np.ndarray, " tokens"],
    max_tvd: float,
) -> Float64[np.ndarray, " tokens"] | None:
    r"""A corner of the polytope where $c \cdot \beta$ is largest.

    Args:
        attention: The model's own weights, which lie inside.
        logits: What each token gives alone.
        cost: c, in nats per unit of weight.
        max_tvd: Permitted total variation distance of the output, less than 1.

    Returns:
        The corner, or None if the solver found none.
    """
    tokens, classes = logits.shape
    change = logits.T - (attention @ logits)[:, None]
    none, each = np.zeros((classes, 1)), np.ones((classes, 1))
    # Two further variables: the least and the largest change of a logit.
    optimum = Program(
        cost=cost,
        rows=np.block(
            [
                [change, none, -each],
                [-change, each, none],
                [np.zeros((1, tokens)), np.array([[-1.0, 1.0]])],
            ]
        ),
        limits=np.concatenate([np.zeros(2 * classes), [4 * math.atanh(max_tvd)]]),
        low=np.concatenate([np.zeros(tokens), [-np.inf, -np.inf]]),
        high=np.concatenate([np.ones(tokens), [np.inf, np.inf]]),
    ).solve()
    return None if isinstance(optimum, Failure) else optimum.weights
