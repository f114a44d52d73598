import pytest
import torch

from attnaudit.measurements.top import mean_over, top_positions


def tops(weights, mask=None):
    weights = torch.tensor(weights)
    mask = torch.ones(weights.shape, dtype=torch.bool) if mask is None else torch.tensor(mask)
    return top_positions(weights[None, None], mask[None])[0, 0].nonzero().flatten().tolist()


def test_every_position_of_the_largest_weight_is_a_top_position():
    assert tops([0.1, 0.3, 0.2, 0.3, 0.1]) == [1, 3]


def test_rounding_chooses_no_top_position():
    third = torch.tensor([0.1, 0.2], dtype=torch.float64).sum().item()
    assert third != 0.3
    assert tops([third, 0.3, 0.4 - 1e-9, 0.4]) == [2, 3]


def test_a_weight_smaller_by_a_thousandth_is_no_top_position():
    assert tops([0.5, 0.4995, 0.0005]) == [0]


def test_padding_is_no_top_position_even_where_all_weights_are_zero_but_one():
    assert tops([1.0, 0.0, 0.0], mask=[True, True, False]) == [0]
    assert tops([0.0, 0.0, 0.0], mask=[True, True, False]) == [0, 1]


def test_the_mean_is_taken_over_the_chosen_positions_only():
    chosen = torch.tensor([[[True, False, True]]])
    values = torch.tensor([[[1.0, float("nan"), 2.0]]])
    assert mean_over(chosen, values).item() == pytest.approx(1.5)
