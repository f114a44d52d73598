import numpy as np
import pytest
import torch

from attnaudit.models.transformers.aggregated.gradient_weighted import gradient_weighted
from attnaudit.models.transformers.network import Inputs
from attnaudit.models.transformers.recording import record

FAMILIES = ["bert", "albert", "llama", "gpt2-pads-with-eos", "modernbert-mean"]


def weighted(model, documents):
    batch = model.prepare(documents)
    recorded = record(model.network, model.anatomy, Inputs.of(batch), layers=frozenset())
    return batch, gradient_weighted(model.network, recorded)


def by_definition(model, document):
    """Relevance of all positions (columns) for all positions (rows), one document alone."""
    batch = model.prepare([document])
    table = model.network.embedding.weight
    table.requires_grad_(True)  # So that the reported weights can be differentiated by.
    try:
        output = model.network.module(
            input_ids=batch.piece_ids,
            attention_mask=batch.piece_mask.long(),
            output_attentions=True,
        )
        largest = output.logits[0].max()
        slopes = torch.autograd.grad(largest, output.attentions)
    finally:
        table.requires_grad_(False)
    relevance = np.eye(batch.piece_ids.shape[1])
    for weights, slope in zip(output.attentions, slopes, strict=True):
        product = (weights * slope)[0].detach().double().numpy()
        relevance = relevance + np.maximum(product, 0).mean(axis=0) @ relevance
    return relevance


@pytest.mark.parametrize("family", FAMILIES)
def test_it_is_the_relevance_of_the_definition_in_the_rows_that_are_read(
    family, load, texts, positions_read
):
    model = load(family)
    batch, found = weighted(model, texts)
    for row, document in enumerate(texts):
        wanted = by_definition(model, document)[positions_read(model, batch, row)].mean(axis=0)
        real = batch.piece_mask[row]
        np.testing.assert_allclose(found[row, real].numpy(), wanted, rtol=1e-5, atol=1e-6)
        assert float(found[row, ~real].abs().sum()) == 0


def test_it_is_about_the_class_that_is_predicted(load, texts):
    model = load("bert")
    batch, own = weighted(model, texts)
    bias = model.network.module.classifier.bias
    kept = bias.detach().clone()
    found = []
    try:
        for predicted in range(3):
            with torch.no_grad():
                bias.copy_(kept).index_fill_(0, torch.tensor([predicted]), 100.0)
            found.append(weighted(model, texts)[1])
    finally:
        with torch.no_grad():
            bias.copy_(kept)
    [attended] = model.attend(batch, sites=["layer.last"])
    for row, predicted in enumerate(attended.probabilities.argmax(dim=1).tolist()):
        torch.testing.assert_close(own[row], found[predicted][row])
        others = [found[other][row] for other in range(3) if other != predicted]
        assert all(float((own[row] - other).abs().max()) > 1e-3 for other in others)


def test_no_parameter_is_differentiated(load, texts):
    model = load("bert")
    with torch.no_grad():
        batch, found = weighted(model, texts)
    assert float(found.abs().max()) > 0
    assert not found.requires_grad
    assert len(batch.documents) == len(found)
    assert all(parameter.grad is None for parameter in model.network.module.parameters())
