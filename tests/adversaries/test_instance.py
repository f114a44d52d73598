import pytest
import torch

from attnaudit.adversaries import search_adversary
from attnaudit.adversaries._instance import Instance
from attnaudit.errors import InternalError, InvalidArgumentError
from attnaudit.models.readout import LinearReadout
from attnaudit.records import Bound


class Forgetful:
    """A readout whose output drifts each time it is run, as with dropout left on."""

    def __init__(self):
        self.runs = 0

    def __call__(self, attention):
        self.runs += 1
        p = attention.sum(dim=-1, keepdim=True) * self.runs / 10
        return torch.cat([1 - p, p], dim=-1)

    def replace(self, rows):
        return self(rows.squeeze(2))

    def logits(self, attention):
        return torch.logit(self(attention)[..., 1:])

    def select(self, index):
        del index
        return self


ATTENTION = torch.tensor([[0.6, 0.4], [0.6, 0.4]], dtype=torch.float64)
MASK = torch.ones(2, 2, dtype=torch.bool)


def test_a_witness_that_moves_the_output_too_far_is_an_internal_error(sigmoid_readout):
    scores = torch.tensor([[0.0, 0.0], [0.0, 4.0]], dtype=torch.float64)
    instance = Instance.checked(ATTENTION, MASK, sigmoid_readout(scores), max_tvd=0.01)
    swapped = ATTENTION.flip(1)
    with pytest.raises(InternalError, match=r"row 1 moves the output by 0\.0848"):
        instance.adversary(swapped, max_tvd=0.01, upper_bound=None, kind=Bound.LOWER)


def test_a_readout_that_changes_its_mind_never_yields_a_result():
    with pytest.raises(InternalError, match="same output each time"):
        search_adversary(
            ATTENTION, MASK, Forgetful(), max_tvd=0.01, starts=torch.zeros(2, 1, 2), steps=2
        )


def test_independent_labels_are_refused_with_the_way_out():
    readout = LinearReadout(torch.zeros(2, 2, 3), torch.zeros(3), "multilabel")
    with pytest.raises(InvalidArgumentError, match="one label at a time"):
        Instance.checked(ATTENTION.float(), MASK, readout, max_tvd=0.05)


def test_an_output_that_is_no_distribution_is_refused(squaring_readout):
    class Raw(type(squaring_readout)):
        def __call__(self, attention):
            return 3 * super().__call__(attention)

    with pytest.raises(InvalidArgumentError, match="readout's output must sum to 1"):
        Instance.checked(ATTENTION, MASK, Raw(), max_tvd=0.05)


def test_the_readout_is_run_in_its_own_precision(sigmoid_readout):
    scores = torch.zeros(2, 2, dtype=torch.float32)
    instance = Instance.checked(ATTENTION, MASK, sigmoid_readout(scores), max_tvd=0.05)
    assert instance.probabilities.dtype == torch.float32
    assert instance.attention.dtype == torch.float64
