from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from attnaudit.errors import PreflightError
from attnaudit.models.transformers.aggregated import attention_flow as module
from attnaudit.models.transformers.aggregated.attention_flow import attention_flow, maximum_flows
from attnaudit.models.transformers.aggregated.rollout import rollout
from attnaudit.models.transformers.aggregated.words import per_word
from attnaudit.models.transformers.network import Inputs
from attnaudit.models.transformers.recording import record
from attnaudit.records import Document


def flow_by_programme(layers, read, sink):
    """The maximum flow to one column of the first layer, as a linear programme over edges."""
    pieces = len(read)
    top = len(layers)
    edges = [("read", (top, i), read[i]) for i in range(pieces)]
    for level in range(top, 0, -1):
        edges += [
            ((level, i), (level - 1, j), layers[level - 1][i, j])
            for i in range(pieces)
            for j in range(layers[level - 1].shape[1])
        ]
    kept = [(level, i) for level in range(1, top + 1) for i in range(pieces)]
    balance = np.array(
        [[(end == node) - (start == node) for start, end, _ in edges] for node in kept]
    )
    arrives = np.array([end == (0, sink) for _, end, _ in edges], dtype=float)
    # What ends elsewhere is lost, and nothing stops it: only arriving counts.
    solved = linprog(
        -arrives,
        A_eq=balance,
        b_eq=np.zeros(len(kept)),
        bounds=[(0, capacity) for *_, capacity in edges],
    )
    return -solved.fun


def flowed(model, documents):
    batch = model.prepare(documents)
    inputs = Inputs.of(batch)
    recorded = record(model.network, model.anatomy, inputs, layers=frozenset(), means=True)
    return batch, attention_flow(recorded, batch)


@st.composite
def graphs(draw):
    pieces = draw(st.integers(1, 4))
    capacity = st.integers(0, 20)
    square = st.lists(capacity, min_size=pieces * pieces, max_size=pieces * pieces)
    layers = draw(st.lists(square, min_size=1, max_size=4))
    read = draw(st.lists(capacity, min_size=pieces, max_size=pieces))
    return (
        [np.array(layer, dtype=np.int32).reshape(pieces, pieces) for layer in layers],
        np.array(read, dtype=np.int32),
    )


@settings(max_examples=40, deadline=None)
@given(graphs())
def test_it_is_the_optimum_of_the_linear_programme(graph):
    layers, read = graph
    found = maximum_flows(layers, read=read)
    wanted = [flow_by_programme(layers, read, sink) for sink in range(len(read))]
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-7)


def test_it_takes_detours_that_no_single_path_has():
    # Two from the first piece through both pieces of the middle, one unit each.
    layers = [np.array([[1, 0], [1, 0]]), np.array([[1, 1], [0, 0]])]
    read = np.array([5, 0])
    flows = maximum_flows([one.astype(np.int32) for one in layers], read=read.astype(np.int32))
    assert flows.tolist() == [2, 0]


@pytest.mark.parametrize("family", ["bert", "modernbert-mean", "gpt2-pads-with-eos"])
def test_a_network_s_flows_are_those_of_the_weights_it_reports(
    family, load, texts, attentions, positions_read
):
    model = load(family)
    batch, found = flowed(model, texts)
    for row in (1, 2):
        layers = [
            0.5 * layer.mean(axis=0) + 0.5 * np.eye(layer.shape[1])
            for layer in attentions(model, texts[row])
        ]
        read = np.zeros(len(layers[0]))
        positions = positions_read(model, batch, row)
        read[positions] = 1 / len(positions)
        word_of = batch.word_of[row, batch.piece_mask[row]].numpy()
        # The capacity to a word is that to its pieces together.
        layers[0] = np.stack(
            [layers[0][:, word_of == word].sum(axis=1) for word in range(len(batch.tokens[row]))], 1
        )
        wanted = [flow_by_programme(layers, read, sink) for sink in range(layers[0].shape[1])]
        real = batch.mask[row]
        np.testing.assert_allclose(found[row, real].numpy(), wanted, rtol=0, atol=1e-6)
        assert float(found[row, ~real].abs().sum()) == 0


def test_no_flow_is_smaller_than_what_rollout_sends(load, texts):
    # What arrives by rollout is one flow among those of which this is the largest.
    model = load("bert")
    batch, found = flowed(model, texts)
    recorded = record(
        model.network, model.anatomy, Inputs.of(batch), layers=frozenset(), means=True
    )
    shares = per_word(rollout(recorded), batch)
    assert bool((found >= shares - 1e-7).all())
    assert float((found - shares).max()) > 0.05
    assert float(found.max()) <= 1 + 1e-7


def test_a_word_s_flow_does_not_grow_with_the_number_of_its_pieces(load):
    # "film" is one piece, "zebra" is several; every position attends to both words alike.
    model = load("bert")
    batch = model.prepare([Document(id="a", text="film zebra was dull")])
    inputs = Inputs.of(batch)
    word_of = batch.word_of[0]
    of_each = torch.stack([word_of == word for word in (0, 1)]).double()
    number = int(of_each[1].sum())
    assert number > 1
    even = 0.4 * (of_each / of_each.sum(dim=1, keepdim=True)).sum(dim=0)
    even[word_of == -1] = 0.1
    first = even.expand(len(even), -1).clone()
    # So that they do with the residual stream, too.
    first[word_of == 0] = of_each[1] / number
    first[word_of == 1] = of_each[0]
    above = torch.rand(2, *first.shape, generator=torch.Generator().manual_seed(0)).double()
    layers = [first, *(above / above.sum(dim=2, keepdim=True))]
    recorded = replace(
        record(model.network, model.anatomy, inputs, layers=frozenset(), means=True),
        means={number: layer.unsqueeze(0) for number, layer in enumerate(layers)},
    )
    film, zebra, *_ = attention_flow(recorded, batch)[0].tolist()
    # All that is read could have come from either.
    assert film == pytest.approx(1, abs=1e-7)
    assert zebra == pytest.approx(1, abs=1e-7)


def test_too_long_documents_are_counted_before_the_network_runs(load, texts, monkeypatch):
    model = load("bert")
    batch = model.prepare(texts)
    longest = int(batch.piece_mask.sum(dim=1).max())
    monkeypatch.setattr(module, "MOST_PIECES", longest)
    model.attend(batch, sites=["attention-flow"])
    monkeypatch.setattr(module, "MOST_PIECES", longest - 1)
    passes = []
    monkeypatch.setattr(type(model.network), "logits", lambda *_: passes.append(1))
    counted = f"up to {longest - 1} .*'d2' has {longest}; of the 4 documents .*, 1 are too long"
    with pytest.raises(PreflightError, match=counted):
        model.attend(batch, sites=["layer.last", "attention-flow"])
    assert not passes


def test_in_single_precision_it_is_as_exact_as_the_weights_are(load, texts):
    single, double = (
        flowed(load("bert", dtype=dtype), texts)[1] for dtype in (torch.float32, torch.float64)
    )
    assert single.dtype == torch.float32
    torch.testing.assert_close(single.double(), double, rtol=0, atol=1e-5)
