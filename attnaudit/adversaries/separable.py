r"""The divergence as a sum over tokens, and the straight lines that linear programming needs.

$JSD(\alpha, \beta) = \sum_t f_t(\beta_t)$ with
$f_t(b) = \frac12 [\alpha_t \ln \frac{2 \alpha_t}{\alpha_t + b} + b \ln \frac{2 b}{\alpha_t + b}]$,
which is convex in b. A tangent lies below it, a chord above it.
"""

import numpy as np
from jaxtyping import Float64
from scipy.special import xlogy


def terms(
    attention: Float64[np.ndarray, " tokens"], weights: Float64[np.ndarray, "*k tokens"]
) -> Float64[np.ndarray, "*k tokens"]:
    """$f_t(b)$ of every token at the given weights, in nats."""
    total = attention + weights
    # Twice the share of each in their sum; 0 ln 0 is 0, whatever stands for the share.
    total = np.where(total > 0, total, 1.0)
    own = xlogy(attention, 2 * (attention / total))
    other = xlogy(weights, 2 * (weights / total))
    return np.asarray(0.5 * (own + other))


def divergence(
    attention: Float64[np.ndarray, " tokens"], weights: Float64[np.ndarray, "k tokens"]
) -> Float64[np.ndarray, " k"]:
    """Jensen-Shannon divergence of k attentions from the first, in nats."""
    return np.asarray(terms(attention, weights).sum(axis=1))


def chord(
    attention: Float64[np.ndarray, " tokens"],
    low: Float64[np.ndarray, " tokens"],
    high: Float64[np.ndarray, " tokens"],
) -> Float64[np.ndarray, " tokens"]:
    """Slope between the values at `low` and `high`, where `low` is less than `high`."""
    rise = terms(attention, high) - terms(attention, low)
    return np.asarray(rise / (high - low))


def chord_from_zero_to_one(
    attention: Float64[np.ndarray, " tokens"],
) -> Float64[np.ndarray, " tokens"]:
    r"""Slopes s with $JSD(\alpha, \beta) \le \frac12 \ln 2 + s \cdot \beta$ on the simplex.

    Both sides are equal where all weight lies on one token.
    """
    return chord(attention, np.zeros_like(attention), np.ones_like(attention))


def tangent(
    attention: Float64[np.ndarray, " tokens"], weights: Float64[np.ndarray, " tokens"]
) -> Float64[np.ndarray, " tokens"]:
    r"""Derivative $\frac12 \ln \frac{2 b}{\alpha + b}$ at positive `weights`."""
    return np.asarray(0.5 * np.log(2 * weights / (attention + weights)))
