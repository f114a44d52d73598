import torch

from attnaudit.adversaries._instance import Instance
from attnaudit.adversaries.retreat import retreat

MASK = torch.ones(3, 2, dtype=torch.bool)
ATTENTION = torch.tensor([[0.6, 0.4]] * 3, dtype=torch.float64)


def test_a_witness_goes_back_only_as_far_as_its_own_output_asks(sigmoid_readout):
    scores = torch.tensor([[0.0, 0.0], [0.0, 1.0], [0.0, 4.0]], dtype=torch.float64)
    instance = Instance.checked(ATTENTION, MASK, sigmoid_readout(scores), max_tvd=0.05)
    swapped = ATTENTION.flip(1)
    inside = retreat(instance, swapped, max_tvd=0.05)
    assert instance.tvd(swapped)[1].item() < 0.05
    assert torch.equal(inside[:2], swapped[:2])
    torch.testing.assert_close(inside[2], ATTENTION[2] + 0.5 * (swapped - ATTENTION)[2])


def test_where_every_change_is_too_much_the_own_attention_remains(squaring_readout):
    instance = Instance.checked(ATTENTION, MASK, squaring_readout, max_tvd=0.0)
    remaining = retreat(instance, ATTENTION.flip(1), max_tvd=0.0)
    torch.testing.assert_close(remaining, ATTENTION, rtol=0, atol=0)
