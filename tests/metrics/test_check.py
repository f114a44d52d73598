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


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (check_attention, 1),
        (masked_softmax, 1),
        (jensen_shannon_divergence, 1),
        (total_variation_distance, 1),
        (kendall_tau, 1),
        (kendall_tau, 2),
    ],
)
def test_shapes_that_differ_are_refused_where_no_shape_annotation_is_executed(function, arguments):
    # Tests execute the annotations, which would refuse first; users do not.
    bare = inspect.unwrap(function)
    short, long = torch.full((1, 2), 0.5), torch.ones(1, 3, dtype=torch.bool)
    if function in (jensen_shannon_divergence, total_variation_distance):
        long = long / 3
    given = {1: (short, long), 2: (long.double(), short)}[arguments]
    extra = (long,) if function is kendall_tau else ()
    with pytest.raises(InvalidArgumentError, match=r"same shape; .* \[1, 2\]"):
        bare(*given, *extra)
