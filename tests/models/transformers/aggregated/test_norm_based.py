from dataclasses import replace

import numpy as np
import pytest
import torch

from attnaudit.errors import InternalError
from attnaudit.models.transformers.aggregated.norm_based import norm_based
from attnaudit.models.transformers.network import Inputs
from attnaudit.models.transformers.recording import record


def normed(model, documents):
    batch = model.prepare(documents)
    recorded = record(model.network, model.anatomy, Inputs.of(batch), layers=frozenset({2}))
    return batch, norm_based(model.network, model.anatomy, recorded, batch)


def bert_matrices(network):
    layer = network.bert.encoder.layer[2].attention
    value, output = layer.self.value, layer.output.dense
    return value.weight.T, value.bias, output.weight.T


def gpt2_matrices(network):
    layer = network.transformer.h[2].attn
    return layer.c_attn.weight[:, 32:], layer.c_attn.bias[32:], layer.c_proj.weight


def by_definition(model, document, matrices, *, read, normalised):
    """Norms of the words of a document alone, from the weights of the last layer, in loops."""
    batch = model.prepare([document])
    network = model.network.module
    with torch.no_grad():
        output = network(
            input_ids=batch.piece_ids,
            attention_mask=batch.piece_mask.long(),
            output_attentions=True,
            output_hidden_states=True,
        )
    values, constants, outputs = (one.detach().numpy() for one in matrices(network))
    entered = normalised(network, output.hidden_states[2])[0].detach().numpy()
    weights = output.attentions[2][0].numpy()
    vectors = np.zeros((len(batch.tokens[0]), 16))
    for piece, word in enumerate(batch.word_of[0].tolist()):
        added = np.zeros(16)
        for head in range(2):
            part = slice(8 * head, 8 * head + 8)
            value = entered[piece] @ values[:, part] + constants[part]
            added += weights[head, read, piece] * (value @ outputs[part])
        if word >= 0:
            vectors[word] += added
    return np.linalg.norm(vectors, axis=1)


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_it_is_the_norm_of_what_bert_s_matrices_make_of_each_word(place, load, texts):
    model = load("bert")
    batch, found = normed(model, texts)
    words = by_definition(
        model, texts[place], bert_matrices, read=0, normalised=lambda _, hidden: hidden
    )
    real = batch.mask[place]
    np.testing.assert_allclose(found[place, real].numpy(), words, rtol=0, atol=1e-6)
    assert float(found[place, ~real].abs().sum()) == 0


def test_it_is_that_of_gpt2_which_has_linear_maps_of_its_own_kind(load, texts):
    model = load("gpt2")
    batch, found = normed(model, texts[:1])
    read = batch.piece_ids.shape[1] - 1
    words = by_definition(
        model,
        texts[0],
        gpt2_matrices,
        read=read,
        normalised=lambda network, hidden: network.transformer.h[2].ln_1(hidden),
    )
    np.testing.assert_allclose(found[0].numpy(), words, rtol=0, atol=1e-6)


def test_where_all_positions_are_read_it_is_the_norm_of_the_mean(load, texts):
    model = load("modernbert-mean")
    batch, found = normed(model, texts[:1])
    recorded = record(model.network, model.anatomy, Inputs.of(batch), layers=frozenset({2}))
    mean = recorded.read.weights[2][0].mean(dim=1)
    heads = torch.cat([mean[head].unsqueeze(1) * recorded.values[0, head] for head in (0, 1)], 1)
    vectors = heads @ model.network.module.model.layers[2].attn.Wo.weight.detach().T
    # The first piece is special, the second the whole first word.
    torch.testing.assert_close(found[0, 0], vectors[1].norm(), rtol=0, atol=1e-6)


def test_a_constant_in_the_projection_is_nobody_s(load, texts):
    model = load("bert")
    _, found = normed(model, texts)
    bias = model.network.module.bert.encoder.layer[2].attention.output.dense.bias
    own = bias.detach().clone()
    try:
        with torch.no_grad():
            bias.add_(3.0)
        _, shifted = normed(model, texts)
    finally:
        with torch.no_grad():
            bias.copy_(own)
    torch.testing.assert_close(shifted, found)


def test_a_network_without_a_projection_is_a_contradiction(load, texts):
    model = load("bert")
    batch = model.prepare(texts)
    recorded = record(model.network, model.anatomy, Inputs.of(batch), layers=frozenset({2}))
    with pytest.raises(InternalError, match="norm-based attention of a BertForSequence"):
        norm_based(model.network, replace(model.anatomy, projection=None), recorded, batch)
