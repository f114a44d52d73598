import pytest
import torch

from attnaudit.models import Configuration
from attnaudit.training.corpus import Example
from attnaudit.training.prediction import predict
from attnaudit.training.recipe import initial_network


@pytest.mark.parametrize("kind", ["binary", "softmax"])
def test_predictions_are_those_of_each_example_alone_in_the_given_order(kind):
    configuration = Configuration(
        encoder="bilstm",
        attention="dot",
        embedding_size=8,
        hidden_size=4,
        classes=("a", "b") if kind == "binary" else ("a", "b", "c"),
        kind=kind,
        tokenizer="whitespace",
        vocabulary_size=30,
    )
    network = initial_network(configuration, seed=0)
    examples = [
        Example(tuple(4 + (7 * row + place) % 26 for place in range(1 + 5 * row % 17)), 0)
        for row in range(90)
    ]
    found = predict(network, examples)
    for example, row in zip(examples, found, strict=True):
        words = torch.tensor([example.words])
        logits = network(words, torch.ones_like(words, dtype=torch.bool)).detach()[0]
        if kind == "binary":
            logits = torch.cat([torch.zeros(1), logits])
        torch.testing.assert_close(row, logits.softmax(dim=0))
