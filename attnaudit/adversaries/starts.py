"""Where the gradient search begins."""

import math

import numpy as np
from jaxtyping import Float64


def paper_starts(
    rng: np.random.Generator, tokens: int, *, restarts: int
) -> Float64[np.ndarray, "restarts tokens"]:
    """Logits of uniform attention plus normal noise of standard deviation 3.

    Draw them document by document, each from its own generator, so that neither the batch nor the
    order of the documents can change them.

    Args:
        rng: Source of the noise.
        tokens: Number of real tokens of the document.
        restarts: How many alternatives to draw; the published code uses 5.

    Source:
        Published code of Jain & Wallace (2019).
    """
    return -math.log(tokens) + 3 * rng.standard_normal((restarts, tokens))
