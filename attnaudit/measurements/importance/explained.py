"""Which of a model's probabilities an importance explains."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from attnaudit.models.protocol import Outputs


def explained_classes(
    outputs: Outputs, probabilities: Float[Tensor, "batch classes"]
) -> Int[Tensor, "batch explained"]:
    """Columns of the probabilities that are differentiated, each in a pass of its own.

    Class 1 of a single sigmoid, whichever is predicted: the other has the same slopes with the
    opposite sign. The predicted class of a softmax. Every one of independent labels, whose
    importances are added up.

    Args:
        outputs: What the model predicts.
        probabilities: The model's own, on the whole documents.

    Source:
        Jain & Wallace (2019), algorithm 1, as in their published code.
    """
    if outputs.kind == "binary":
        return torch.ones_like(probabilities[:, :1], dtype=torch.int64)
    if outputs.kind == "softmax":
        return probabilities.argmax(dim=1, keepdim=True)
    classes = torch.arange(probabilities.shape[1], device=probabilities.device)
    return classes.expand(probabilities.shape)


def slopes(
    explained: Float[Tensor, "batch explained"], argument: Float[Tensor, "batch *sizes"]
) -> Float[Tensor, "explained batch *sizes"]:
    """The gradient of each explained probability by `argument`: one backward pass per column.

    No document's probability depends on another's argument, so a whole batch shares each pass.

    Args:
        explained: Probabilities that were computed from `argument`.
        argument: What they are differentiated by.
    """
    columns = explained.unbind(dim=1)
    gradients = [
        torch.autograd.grad(column.sum(), argument, retain_graph=number < len(columns))[0]
        for number, column in enumerate(columns, start=1)
    ]
    return torch.stack(gradients)
