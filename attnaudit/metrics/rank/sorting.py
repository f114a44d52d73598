"""Sorting rows where they are: on a processor by numpy, whose sorts are vectorised."""

import numpy as np
import torch
from jaxtyping import Float64, Int64
from torch import Tensor


def ascending_order(values: Float64[Tensor, "rows tokens"]) -> Int64[Tensor, "rows tokens"]:
    """Positions from the smallest value to the largest; equal values in any order."""
    if values.device.type != "cpu":
        return values.argsort(dim=1)
    return torch.from_numpy(np.argsort(values.numpy(), axis=1))


def sorted_keys(keys: Int64[Tensor, "rows tokens"], *, limit: int) -> Int64[Tensor, "rows tokens"]:
    """Whole numbers from 0 to `limit` - 1, in ascending order."""
    if keys.device.type != "cpu":
        return keys.sort(dim=1).values
    narrow = keys.numpy().astype(np.int32 if limit <= 2**31 else np.int64)
    narrow.sort(axis=1)
    return torch.from_numpy(narrow).long()


def stable_order(
    ranks: Int64[Tensor, "rows tokens"], *, limit: int
) -> Int64[Tensor, "rows tokens"]:
    """Positions from the smallest rank to the largest, all below `limit`; ties as they stand."""
    if ranks.device.type != "cpu":
        return ranks.argsort(dim=1, stable=True)
    # Numbers of 16 bits take numpy's radix sort, which is linear.
    narrow = ranks.numpy().astype(np.int16 if limit <= 2**15 else np.int64)
    return torch.from_numpy(np.argsort(narrow, axis=1, kind="stable"))
