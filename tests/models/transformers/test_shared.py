"""Linear maps and layer norms of repeated entries, computed once for each."""

import pytest
import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from attnaudit.models.transformers.shared import sharing

TIMES = 3


class Computed(TorchFunctionMode):
    """How many entries the functions were really given."""

    def __init__(self):
        super().__init__()
        self.entries = []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        if func in {nn.functional.linear, nn.functional.layer_norm}:
            self.entries.append(len(args[0]))
        return func(*args, **(kwargs or {}))


@pytest.fixture
def hidden():
    draw = torch.Generator().manual_seed(0)
    return torch.randn(2, 4, 6, generator=draw, dtype=torch.float64, requires_grad=True)


@pytest.fixture
def layers():
    torch.manual_seed(0)
    return nn.Sequential(nn.LayerNorm(6), nn.Linear(6, 5), nn.GELU(), nn.Linear(5, 3)).double()


def test_values_and_gradients_are_those_of_repeated_entries(layers, hidden):
    with sharing(hidden, times=TIMES) as repeated:
        found = layers(repeated)
    expected = layers(hidden.repeat_interleave(TIMES, dim=0))
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)
    weigh = torch.arange(found.numel(), dtype=torch.float64).reshape(found.shape)
    variables = [hidden, *layers.parameters()]
    slopes, by_definition = (
        torch.autograd.grad((one * weigh).sum(), variables) for one in (found, expected)
    )
    torch.testing.assert_close(slopes, by_definition, rtol=1e-12, atol=1e-12)


def test_each_entry_is_computed_once_until_something_else_happens_to_it(layers, hidden):
    with Computed() as computed, sharing(hidden, times=TIMES) as repeated:
        layers(repeated)
    # The layer norm and the linear map after it, and the one after an activation.
    assert computed.entries == [2, 2, 2 * TIMES]


def test_other_tensors_of_the_same_shape_are_left_alone(layers, hidden):
    other = torch.randn(2 * TIMES, 4, 6, dtype=torch.float64)
    with Computed() as computed, sharing(hidden, times=TIMES) as repeated:
        found = layers[1](other)
        changed = layers[1](repeated + 1)
    assert computed.entries == [2 * TIMES, 2 * TIMES]
    torch.testing.assert_close(found, layers[1](other))
    torch.testing.assert_close(changed, layers[1](repeated + 1))


def test_nothing_is_shared_afterwards(layers, hidden):
    with sharing(hidden, times=TIMES) as repeated:
        pass
    with Computed() as computed:
        layers[1](repeated)
    assert computed.entries == [2 * TIMES]


@pytest.mark.parametrize("change", [torch.Tensor.add_, torch.Tensor.mul_], ids=["add", "mul"])
def test_what_was_changed_in_place_is_computed_again(change, layers, hidden):
    first, second = layers[1], nn.Linear(5, 3).double()

    def run(given):
        return second(change(first(given), 2))

    with torch.no_grad():
        with sharing(hidden, times=TIMES) as repeated:
            found = run(repeated)
        torch.testing.assert_close(found, run(hidden.repeat_interleave(TIMES, dim=0)))


def test_a_bert_projects_what_alternatives_begin_with_once(load, texts):
    model = load("bert")
    [attended] = model.attend(model.prepare(texts), sites=["layer.1"])
    rows = attended.rows.unsqueeze(1).expand(-1, TIMES, -1, -1)
    with Computed() as computed:
        attended.readout.replace(rows)
    # The embeddings' layer norm; then queries, keys and values; then what is of each alternative.
    assert computed.entries[1:4] == [len(texts)] * 3
    assert {computed.entries[0], *computed.entries[4:]} == {len(texts) * TIMES}
