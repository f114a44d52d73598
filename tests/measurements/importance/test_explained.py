import pytest
import torch

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
    found = slopes(columns, argument)
    assert found[0].tolist() == [[2.0, 1.0], [4.0, 3.0]]
    assert found[1].tolist() == [[0.0, 4.0], [0.0, 8.0]]
