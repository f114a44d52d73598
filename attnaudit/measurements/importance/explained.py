"""Which of a model's probabilities an importance explains."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

from attnaudit.errors import NotDifferentiableError
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
    explained: Float[Tensor, "batch explained"],
    argument: Float[Tensor, "batch *sizes"],
    *,
    name: str,
) -> Float[Tensor, "explained batch *sizes"]:
    """The gradient of each explained probability by `argument`: one backward pass per column.

    No document's probability depends on another's argument, so a whole batch shares each pass.

    Args:
        explained: Probabilities that were computed from `argument`.
        argument: What they are differentiated by.
        name: What the message calls the argument.

    Raises:
        NotDifferentiableError: If the probabilities were not computed from the argument, as far
            as differentiation can see. That is no slope of zero: a model that ignores its argument
            looks the same as one that hides what it does with it.
    """
    if not explained.requires_grad:
        raise _cut_off(name)
    columns = explained.unbind(dim=1)
    gradients = []
    for number, column in enumerate(columns, start=1):
        found: Sequence[Tensor | None] = torch.autograd.grad(
            column.sum(), argument, retain_graph=number < len(columns), allow_unused=True
        )
        if found[0] is None:
            raise _cut_off(name)
        gradients.append(found[0])
    return torch.stack(gradients)


def _cut_off(name: str) -> NotDifferentiableError:
    return NotDifferentiableError(
        f"the model's probabilities must be differentiable by its {name}; nothing leads from them "
        f"back to it. Compute them from the {name} that is passed, without detach(), no_grad() or "
        "numpy on the way; if the model does ignore it, ask for leave-one-out."
    )
