"""Documents in bins of their largest attention weight."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

WEIGHT_BINS = tuple(pairwise((0.0, 0.25, 0.5, 0.75, 1.0)))
"""Ends of the bins."""
BIN_NAMES = tuple(f"{low:g} to {high:g}" for low, high in WEIGHT_BINS)
"""What tables and pictures call them."""
FEWEST_IN_BIN = 5
"""With fewer documents the median of a bin is not worth printing."""


def weight_bins(largest: NDArray[np.float64]) -> tuple[NDArray[np.bool_], ...]:
    """Which documents are in each bin: from its lower end up to its upper end without that.

    Args:
        largest: [documents] the largest attention weight of each, in [0, 1]. Weight 1 is in the
            last bin, and so is what exceeds it by rounding.

    Returns:
        A mask [documents] for each of `WEIGHT_BINS`.

    Source:
        Jain & Wallace (2019), section 4.2.1.

    Example:
        >>> [mask.tolist() for mask in weight_bins(np.array([0.25, 1.0]))]
        [[False, False], [True, False], [False, False], [False, True]]
    """
    last = WEIGHT_BINS[-1]
    return tuple(
        (largest >= low) & ((largest < high) | ((low, high) == last)) for low, high in WEIGHT_BINS
    )
