"""Sites about every position as query, in place of the one that the classifier reads."""

from dataclasses import replace

import pytest
import torch

from attnaudit.errors import PreflightError
from attnaudit.models.preflight import preflight
from attnaudit.models.transformers import restart as restart_module
from attnaudit.models.transformers.one_row import OneRowReadout
from attnaudit.models.transformers.restart import RestartedReadout
from attnaudit.records import Document

from .conftest import SUPPORTED

SITES = ("layers.every", "layer.last.every", "layer.0.every", "layer.1.head.1.every")


def reported(model, batch):
    """Attention as the network reports it, by layer, head and query, over the words of each row."""
    segments = {"token_type_ids": batch.segments} if model.network._has_segments else {}
    with torch.no_grad():
        found = model.network.module(
            input_ids=batch.piece_ids,
            attention_mask=batch.piece_mask.long(),
            output_attentions=True,
            **segments,
        ).attentions
    return [over_words(layer, batch) for layer in found]


def over_words(weights, batch):
    """One number per word, in loops."""
    batches, heads, queries, _ = weights.shape
    words = torch.zeros(batches, heads, queries, batch.mask.shape[1], dtype=torch.float64)
    for row in range(batches):
        for piece, word in enumerate(batch.word_of[row].tolist()):
            if word >= 0:
                words[row, :, :, word] += weights[row, :, :, piece]
    return words / words.sum(dim=3, keepdim=True)


def moved(attended, seed=0):
    """Other rows, drawn at random, as one alternative."""
    draw = torch.rand(attended.rows.shape, generator=torch.Generator().manual_seed(seed))
    draw = draw.double() * attended.mask.unsqueeze(1)
    return (draw / draw.sum(dim=2, keepdim=True)).unsqueeze(1)


@pytest.mark.parametrize("family", SUPPORTED)
def test_attention_put_in_place_of_itself_changes_nothing(family, load, texts):
    model = load(family)
    names = {site.name for site in model.sites}
    here = [name for name in SITES if name in names]
    assert len(here) == (4 if model.anatomy.reads == "first" else 0)
    if here:
        preflight(model, model.prepare(texts), sites=here)


@pytest.mark.parametrize("family", ["bert", "deberta-v2"])
def test_rows_are_those_that_the_network_reports_by_layer_head_and_query(family, load, texts):
    model = load(family)
    batch = model.prepare(texts)
    layers = reported(model, batch)
    everything, one_head = model.attend(batch, sites=["layers.every", "layer.1.head.1.every"])
    pieces = batch.piece_ids.shape[1]
    assert everything.rows.shape[1] == 3 * 2 * pieces
    assert one_head.rows.shape[1] == pieces
    for row, mask in enumerate(batch.piece_mask):
        wanted = torch.stack([layer[row] for layer in layers])[:, :, mask]
        found = everything.rows[row].reshape(3, 2, pieces, -1)[:, :, mask]
        torch.testing.assert_close(found, wanted, rtol=0, atol=1e-6)
        torch.testing.assert_close(everything.attention[row], wanted.mean(dim=(0, 1, 2)))
        torch.testing.assert_close(one_head.rows[row][mask], wanted[1, 1], rtol=0, atol=1e-6)


def test_a_second_text_is_a_query_and_no_key(load, texts):
    model = load("bert")
    pairs = [replace(one, text2="zebra was awful") for one in texts]
    batch = model.prepare(pairs)
    layers = reported(model, batch)
    [attended] = model.attend(batch, sites=["layer.1.every"])
    assert bool((batch.segments == 1).any())
    assert attended.tokens == model.prepare(texts).tokens
    for row, mask in enumerate(batch.piece_mask):
        found = attended.rows[row].reshape(2, len(mask), -1)[:, mask]
        torch.testing.assert_close(found, layers[1][row][:, mask], rtol=0, atol=1e-6)
    preflight(model, batch, sites=["layer.1.every"])


def test_the_row_of_the_first_position_is_that_of_the_site_without_the_ending(load, texts):
    model = load("bert")
    every, first = model.attend(model.prepare(texts), sites=["layer.1.every", "layer.1"])
    by_head = every.rows.reshape(4, 2, -1, every.rows.shape[2])
    torch.testing.assert_close(by_head[:, :, 0], first.rows)
    assert float((every.attention - first.attention).abs().max()) > 1e-2


def test_what_padding_attends_to_is_left_alone(load, texts):
    model = load("bert")
    batch = model.prepare(texts)
    [attended] = model.attend(batch, sites=["layers.every"])
    padding = (~batch.piece_mask).repeat(1, 6).unsqueeze(2)
    other = moved(attended).squeeze(1)
    some = torch.where(padding, other, attended.rows)
    torch.testing.assert_close(
        attended.readout.replace(some.unsqueeze(1)).squeeze(1), attended.probabilities
    )
    shift = attended.readout.replace(other.unsqueeze(1)).squeeze(1) - attended.probabilities
    assert float(shift.abs().max()) > 1e-3


def test_both_kinds_of_site_and_those_computed_take_one_pass_together(load, texts, monkeypatch):
    model = load("bert")
    passes = []
    logits = type(model.network).logits

    def counted(network, inputs):
        passes.append(inputs)
        return logits(network, inputs)

    monkeypatch.setattr(type(model.network), "logits", counted)
    batch = model.prepare(texts)
    together = ["layers", "layer.0.every", "rollout", "attention-flow", "norm-based", "layer.last"]
    seen = model.attend(batch, sites=together)
    assert len(passes) == 1
    assert isinstance(seen[-1].readout, OneRowReadout)
    for name, attended in zip(together, seen, strict=True):
        [alone] = model.attend(batch, sites=[name])
        torch.testing.assert_close(attended.rows, alone.rows)


def test_the_last_layer_at_every_position_is_more_than_one_row(load, texts):
    model = load("bert")
    every, first = model.attend(model.prepare(texts), sites=["layer.last.every", "layer.last"])
    assert isinstance(every.readout, RestartedReadout)
    # In the last layer nothing but the first position is read.
    rows = moved(every)
    by_head = rows.reshape(4, 1, 2, -1, rows.shape[3])
    torch.testing.assert_close(
        every.readout.replace(rows), first.readout.replace(by_head[:, :, :, 0]), rtol=0, atol=2e-6
    )


def test_how_many_weights_are_made_at_once_changes_nothing(load, texts, monkeypatch):
    model = load("bert")
    [attended] = model.attend(model.prepare(texts), sites=["layers.every"])
    rows = torch.cat([moved(attended, seed) for seed in range(3)], dim=1)
    together = attended.readout.replace(rows)
    monkeypatch.setattr(restart_module, "WEIGHTS_AT_ONCE", 1)
    torch.testing.assert_close(attended.readout.replace(rows), together)


def test_a_causal_network_refuses_with_the_reason(load, texts):
    model = load("llama")
    with pytest.raises(PreflightError, match=r"layer\.0\.every .* causal"):
        model.attend(model.prepare(texts), sites=["layer.0.every"])


def test_a_word_that_some_position_does_not_see_is_an_error(load):
    # Layers 1 and 2 look two pieces to each side, and the made-up inputs show that they do.
    model = load("modernbert", local_attention=4)
    assert not model.anatomy.causal
    long = model.prepare([Document(id="long", text="the film was never quite dull but we laughed")])
    with pytest.raises(PreflightError, match="'long': layer 1 does not attend to all of its words"):
        model.attend(long, sites=["layer.1.every"])
    model.attend(long, sites=["layer.0.every"])
