"""What every bound demands of its arguments."""

import numpy as np
from numpy.typing import NDArray

from attnaudit.errors import InvalidArgumentError


def check_unit_values(values: NDArray[np.float64], *, name: str = "values") -> None:
    """Demand one dimension of finite values in [0, 1].

    Raises:
        InvalidArgumentError: Otherwise.
    """
    if values.ndim != 1:
        raise InvalidArgumentError(
            f"{name} must have one entry per document; its shape is {values.shape}"
        )
    outside = np.flatnonzero(~((values >= 0) & (values <= 1)))
    if outside.size:
        raise InvalidArgumentError(
            f"{name} must lie in [0, 1]; entry {outside[0]} is {values[outside[0]]}. "
            "Scale them from the range of the quantity."
        )


def check_level(level: float) -> None:
    """Demand an error probability strictly between 0 and 1.

    Raises:
        InvalidArgumentError: Otherwise.
    """
    if not 0 < level < 1:
        raise InvalidArgumentError(f"level must lie strictly between 0 and 1; it is {level}")
