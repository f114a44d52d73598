import inspect

import pytest
import torch

from attnaudit.errors import InvalidArgumentError
from attnaudit.metrics import (
    check_attention,
    jensen_shannon_divergence,
    kendall_tau,
    masked_softmax,
    total_variation_distance,
)
from attnaudit.metrics.rank import kendall


@pytest.mark.parametrize(
    "function",
    [check_attention, masked_softmax, jensen_shannon_divergence, total_variation_distance],
)
def test_shapes_that_differ_are_refused_where_no_shape_annotation_is_executed(function):
    # Tests execute the annotations, which would refuse first; users do not.
    bare = inspect.unwrap(function)
    short, long = torch.full((1, 2), 0.5), torch.ones(1, 3, dtype=torch.bool)
    if function in (jensen_shannon_divergence, total_variation_distance):
        long = long / 3
    with pytest.raises(InvalidArgumentError, match=r"same shape; .* \[1, 2\]"):
        bare(short, long)


@pytest.mark.parametrize("lengths", [(2, 3), (3, 2)])
def test_sides_of_another_length_than_the_mask_are_refused_too(monkeypatch, lengths):
    monkeypatch.setattr(kendall, "measured_rows", inspect.unwrap(kendall.measured_rows))
    sides = [torch.full((1, length), 0.5) for length in lengths]
    with pytest.raises(InvalidArgumentError, match=r"same shape; .* \[1, 2\], mask has \[1, 3\]"):
        inspect.unwrap(kendall_tau)(*sides, torch.ones(1, 3, dtype=torch.bool))
