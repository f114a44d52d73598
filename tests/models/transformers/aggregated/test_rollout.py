import numpy as np
import pytest
import torch

from attnaudit.models.transformers.aggregated.rollout import rollout
from attnaudit.models.transformers.network import Inputs
from attnaudit.models.transformers.recording import record

FAMILIES = ["bert", "albert", "deberta-v2", "modernbert-mean", "gpt2", "gpt2-pads-with-eos"]


def rolled(model, documents):
    batch = model.prepare(documents)
    inputs = Inputs.of(batch)
    return batch, rollout(
        record(model.network, model.anatomy, inputs, layers=frozenset(), means=True)
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_it_is_the_product_of_the_layers_in_the_rows_that_are_read(
    family, load, texts, attentions, positions_read
):
    model = load(family)
    batch, found = rolled(model, texts)
    for row, document in enumerate(texts):
        product = np.eye(int(batch.piece_mask[row].sum()))
        for layer in attentions(model, document):
            mean = layer.mean(axis=0)
            product = (0.5 * mean + 0.5 * np.eye(len(mean))) @ product
        wanted = product[positions_read(model, batch, row)].mean(axis=0)
        real = batch.piece_mask[row]
        np.testing.assert_allclose(found[row, real].numpy(), wanted, rtol=0, atol=1e-6)
        assert float(found[row, ~real].abs().sum()) == 0


def test_shares_sum_to_one(load, texts):
    _, found = rolled(load("bert"), texts)
    torch.testing.assert_close(found.sum(dim=1), torch.ones(4, dtype=torch.float64))


def test_deeper_layers_alone_would_give_something_else(load, texts):
    model = load("bert")
    batch, found = rolled(model, texts)
    [last] = model.attend(batch, sites=["layer.last"])
    [whole] = model.attend(batch, sites=["rollout"])
    assert float((whole.attention - last.attention).abs().max()) > 1e-2
    assert found.shape == batch.piece_ids.shape
