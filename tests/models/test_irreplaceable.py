"""The readout of what is computed from attention, without any network."""

import pytest
import torch

from attnaudit.errors import UsageError
from attnaudit.models.irreplaceable import IrreplaceableReadout
from attnaudit.models.protocol import Readout


@pytest.mark.parametrize("ask", ["__call__", "replace", "logits"])
def test_whatever_is_put_in_its_place_it_names_its_site_and_what_can_be_asked(ask):
    readout = IrreplaceableReadout(site="rollout")
    shape = (2, 1, 1, 3) if ask == "replace" else (2, 1, 3)
    asked = "'rollout' cannot be replaced.* other than attention-gradient.* drawn at random"
    with pytest.raises(UsageError, match=asked):
        getattr(readout, ask)(torch.full(shape, 1 / 3))


def test_some_units_of_it_are_as_irreplaceable():
    readout = IrreplaceableReadout(site="rollout")
    assert readout.select(torch.tensor([1])) == readout


def test_it_can_stand_where_any_readout_does():
    assert isinstance(IrreplaceableReadout(site="rollout"), Readout)
