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
from attnaudit.models.transformers.network import Inputs
from attnaudit.models.transformers.recording import record


def flow_by_programme(layers, read, sink):
    """The maximum flow to one piece, as a linear programme over the flow on each edge."""
    pieces = len(read)
    top = len(layers)
    edges = [("read", (top, i), read[i]) for i in range(pieces)]
    for level in range(top, 0, -1):
        edges += [
            ((level, i), (level - 1, j), layers[level - 1][i, j])
            for i in range(pieces)
            for j in range(pieces)
        ]
    kept = [(level, i) for level in range(1, top + 1) for i in range(pieces)]
    balance = np.array(
        [[(end == node) - (start == node) for start, end, _ in edges] for node in kept]
    )
    arrives = np.array([end == (0, sink) for _, end, _ in edges], dtype=float)
    # What ends at another piece is lost, and nothing stops it: only arriving counts.
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
    for row in (0, 1):
        layers = [
            0.5 * layer.mean(axis=0) + 0.5 * np.eye(layer.shape[1])
            for layer in attentions(model, texts[row])
        ]
        read = np.zeros(len(layers[0]))
        positions = positions_read(model, batch, row)
        read[positions] = 1 / len(positions)
        wanted = [flow_by_programme(layers, read, sink) for sink in range(len(read))]
        real = batch.piece_mask[row]
        np.testing.assert_allclose(found[row, real].numpy(), wanted, rtol=0, atol=1e-6)
        assert float(found[row, ~real].abs().sum()) == 0


def test_no_flow_is_smaller_than_what_rollout_sends(load, texts):
    # What arrives by rollout is one flow among those of which this is the largest.
    model = load("bert")
    batch, found = flowed(model, texts)
    recorded = record(
        model.network, model.anatomy, Inputs.of(batch), layers=frozenset(), means=True
    )
    shares = rollout(recorded)
    assert bool((found >= shares - 1e-7).all())
    assert float((found - shares).max()) > 0.05
    assert float(found.max()) <= 1 + 1e-7


def test_a_document_of_too_many_pieces_is_named(load, texts, monkeypatch):
    model = load("bert")
    batch = model.prepare(texts)
    longest = int(batch.piece_mask.sum(dim=1).max())
    monkeypatch.setattr(module, "MOST_PIECES", longest)
    model.attend(batch, sites=["attention-flow"])
    monkeypatch.setattr(module, "MOST_PIECES", longest - 1)
    with pytest.raises(PreflightError, match=f"'d2' has {longest} sub-tokens, .* up to"):
        model.attend(batch, sites=["attention-flow"])


def test_half_precision_of_the_model_is_no_less_exact(load, texts):
    single, double = (
        flowed(load("bert", dtype=dtype), texts)[1] for dtype in (torch.float32, torch.float64)
    )
    assert single.dtype == torch.float32
    torch.testing.assert_close(single.double(), double, rtol=0, atol=1e-5)
