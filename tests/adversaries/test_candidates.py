import pytest
import torch

from attnaudit.adversaries.candidates import checked_candidates
from attnaudit.errors import InvalidArgumentError

MASK = torch.tensor([[True, True, False], [True, True, True]])


def test_without_candidates_there_are_none_for_every_unit():
    assert checked_candidates(None, MASK).shape == (2, 0, 3)


def test_rounded_candidates_sum_to_one_afterwards():
    weights = torch.tensor([[[0.3, 0.7, 0.0]], [[0.1, 0.2, 0.7]]]) * (1 + 2e-5)
    checked = checked_candidates(weights, MASK)
    assert checked.dtype == torch.float64
    torch.testing.assert_close(checked.sum(dim=2), torch.ones(2, 1).double())


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 1, 2)])
def test_candidates_of_another_batch_are_refused(shape):
    with pytest.raises(InvalidArgumentError, match=r"shape \[2, k, 3\]"):
        checked_candidates(torch.zeros(shape), MASK)


def test_a_candidate_with_weight_on_padding_is_refused():
    weights = torch.full((2, 2, 3), 1 / 3)
    with pytest.raises(InvalidArgumentError, match="candidates must be zero where the mask"):
        checked_candidates(weights, MASK)
