import pytest
import torch

from attnaudit.errors import NotDifferentiableError
from attnaudit.measurements.importance.explained import explained_classes, slopes
from attnaudit.models.protocol import Outputs

PROBABILITIES = torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]])


@pytest.mark.parametrize(
    ("kind", "probabilities", "expected"),
    [
        ("binary", PROBABILITIES[:, :2], [[1], [1]]),
        ("softmax", PROBABILITIES, [[0], [2]]),
        ("multilabel", PROBABILITIES, [[0, 1, 2], [0, 1, 2]]),
    ],
)
def test_explained_is_the_second_class_the_predicted_one_or_every_label(
    kind, probabilities, expected
):
    outputs = Outputs(classes=("a", "b", "c")[: probabilities.shape[1]], kind=kind)
    assert explained_classes(outputs, probabilities).tolist() == expected


def test_every_column_has_slopes_of_its_own():
    argument = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    columns = torch.stack([argument[:, 0] * argument[:, 1], argument[:, 1] ** 2], dim=1)
    found = slopes(columns, argument, name="embeddings")
    assert found[0].tolist() == [[2.0, 1.0], [4.0, 3.0]]
    assert found[1].tolist() == [[0.0, 4.0], [0.0, 8.0]]


def test_a_column_that_is_flat_has_slopes_of_zero():
    argument = torch.tensor([[1.0, 2.0]], requires_grad=True)
    columns = torch.stack([argument.sum(dim=1), 0 * argument[:, 0]], dim=1)
    assert slopes(columns, argument, name="embeddings").tolist() == [[[1.0, 1.0]], [[0.0, 0.0]]]


@pytest.mark.parametrize("weight", [0.5, torch.tensor(0.5, requires_grad=True)], ids=type)
def test_what_was_not_computed_from_its_argument_is_not_taken_for_flat(weight):
    argument = torch.ones(2, 3, requires_grad=True)
    with pytest.raises(NotDifferentiableError, match="must be differentiable by its attention"):
        slopes(weight * torch.ones(2, 1), argument, name="attention")
