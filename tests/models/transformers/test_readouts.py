"""The restarted readout and the one of a single row, against each other and against the model."""

import pytest
import torch

from attnaudit.models.readout import apply_link
from attnaudit.models.transformers import one_row as one_row_module
from attnaudit.models.transformers import restart as restart_module
from attnaudit.models.transformers.network import Inputs
from attnaudit.models.transformers.one_row import OneRowReadout
from attnaudit.models.transformers.recording import record
from attnaudit.models.transformers.restart import RestartedReadout
from attnaudit.models.transformers.sites import find_site

FAMILIES = ["bert", "albert", "deberta-v2", "gpt2", "llama"]


def both(model, documents, name="layer.last"):
    batch = model.prepare(documents)
    heads = find_site(model.anatomy, name)
    recorded = record(
        model.network, model.anatomy, Inputs.of(batch), layers=frozenset(heads.layers)
    )
    [attended] = model.attend(batch, sites=[name])
    parts = (model.network, model.anatomy, recorded, heads, attended.readout.rows)
    return (
        attended,
        OneRowReadout.of(*parts, link="softmax"),
        RestartedReadout.of(*parts, link="softmax"),
    )


def alternatives(attended, *, k, seed=0):
    shape = (attended.rows.shape[0], k, *attended.rows.shape[1:])
    draw = torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    draw = draw * attended.mask[:, None, None, :]
    return draw / draw.sum(dim=3, keepdim=True)


@pytest.mark.parametrize("name", ["layer.last", "layer.2.head.1"])
@pytest.mark.parametrize("family", FAMILIES)
def test_one_row_gives_what_the_whole_layer_gives(family, name, load, texts):
    attended, single, whole = both(load(family), texts, name)
    rows = alternatives(attended, k=3)
    assert isinstance(attended.readout, OneRowReadout)
    torch.testing.assert_close(single.replace(rows), whole.replace(rows), rtol=0, atol=2e-6)
    assert float((single.replace(rows) - attended.probabilities.unsqueeze(1)).abs().max()) > 1e-3


def test_other_layers_and_pooled_outputs_have_no_single_row(load, texts):
    assert both(load("bert"), texts, "layer.0")[1] is None
    assert both(load("bert"), texts, "layers")[1] is None
    assert both(load("modernbert-mean"), texts)[1] is None


@pytest.mark.parametrize("name", ["layer.last", "layer.1", "layers"])
def test_one_distribution_stands_for_all_rows(name, load, texts):
    [attended] = load("bert").attend(load("bert").prepare(texts), sites=[name])
    some = alternatives(attended, k=2)[:, :, 0]
    every = some.unsqueeze(2).expand(-1, -1, attended.rows.shape[1], -1)
    torch.testing.assert_close(attended.readout(some), attended.readout.replace(every))
    logits = attended.readout.logits(some)
    torch.testing.assert_close(attended.readout(some), apply_link(logits, link="softmax"))


@pytest.mark.parametrize("at_once", [1, 3, 10])
def test_how_many_are_restarted_at_once_changes_nothing(at_once, load, texts, monkeypatch):
    model = load("bert")
    batch = model.prepare(texts)
    [attended] = model.attend(batch, sites=["layer.1"])
    rows = alternatives(attended, k=5).requires_grad_(True)

    def output_and_slope():
        output = attended.readout.replace(rows)
        return output.detach(), *torch.autograd.grad(output[..., 0].square().sum(), rows)

    together = output_and_slope()
    # One alternative of one text, three of one, or all five of two texts.
    monkeypatch.setattr(restart_module, "PIECES_AT_ONCE", at_once * batch.piece_ids.shape[1])
    torch.testing.assert_close(output_and_slope(), together)


def test_how_many_rows_are_replaced_at_once_changes_nothing(load, texts, monkeypatch):
    model = load("bert")
    [attended] = model.attend(model.prepare(texts), sites=["layer.last"])
    rows = alternatives(attended, k=5)
    together = attended.readout.replace(rows)
    monkeypatch.setattr(one_row_module, "ROWS_AT_ONCE", 1)
    torch.testing.assert_close(attended.readout.replace(rows), together)


@pytest.mark.parametrize("name", ["layer.last", "layer.1.head.0", "layers"])
def test_some_units_have_the_output_they_have_among_all(name, load, texts):
    model = load("bert")
    [attended] = model.attend(model.prepare(texts), sites=[name])
    rows = alternatives(attended, k=2)
    index = torch.tensor([2, 0])
    found = attended.readout.select(index).replace(rows[index])
    torch.testing.assert_close(found, attended.readout.replace(rows)[index])


@pytest.mark.parametrize("name", ["layer.last", "layer.0"])
def test_slopes_are_those_of_small_changes(name, load, texts):
    model = load("bert")
    [attended] = model.attend(model.prepare(texts[:1]), sites=[name])
    weights = attended.attention.unsqueeze(1).clone().requires_grad_(True)
    [slope] = torch.autograd.grad(attended.readout(weights)[0, 0, 0], weights)
    for token in range(weights.shape[2]):
        step = torch.zeros_like(weights)
        step[0, 0, token] = 1e-5
        with torch.no_grad():
            up, down = (attended.readout(weights + sign * step)[0, 0, 0] for sign in (1, -1))
        assert slope[0, 0, token].item() == pytest.approx((up - down).item() / 2e-5, abs=1e-7)


def test_an_earlier_layer_is_followed_by_what_it_changes(load, texts):
    model = load("bert")
    batch = model.prepare(texts)
    [attended] = model.attend(batch, sites=["layer.0"])
    rows = alternatives(attended, k=1)
    [whole] = model.attend(batch, sites=["layers"])
    frozen = whole.rows.unsqueeze(1).clone()
    frozen[:, :, :2] = rows
    assert (attended.readout.replace(rows) - whole.readout.replace(frozen)).abs().max() > 1e-4


def test_a_layer_is_the_sum_of_its_heads_and_the_site_of_one_head_moves_that_head_alone(
    load, texts
):
    model = load("bert")
    batch = model.prepare(texts)
    layer, first, second = model.attend(
        batch, sites=["layer.1", *(f"layer.1.head.{h}" for h in (0, 1))]
    )
    torch.testing.assert_close(layer.rows, torch.cat([first.rows, second.rows], dim=1))
    torch.testing.assert_close(layer.attention, (first.attention + second.attention) / 2)
    rows = alternatives(second, k=1)
    both_heads = torch.cat([first.rows.unsqueeze(1), rows], dim=2)
    torch.testing.assert_close(second.readout.replace(rows), layer.readout.replace(both_heads))
