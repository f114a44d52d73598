"""How well a classifier does its task."""

from jaxtyping import Float, Int
from torch import Tensor
from torchmetrics.functional import classification

from attnaudit.training.report import Scores

PERFECT = 1.0
"""The `selection_score` after which no later epoch can be the first with the highest."""


def score(
    probabilities: Float[Tensor, "documents classes"], targets: Int[Tensor, " documents"]
) -> Scores:
    """Compare predictions with gold classes.

    Args:
        probabilities: A distribution per document.
        targets: Gold class numbers.

    Returns:
        All scores, each in [0, 1].
    """
    classes = probabilities.shape[1]
    predicted = probabilities.argmax(dim=1)
    complete = len(set(targets.tolist())) == classes
    if classes == 2:
        f1 = classification.binary_f1_score(predicted, targets)
        auroc = classification.binary_auroc(probabilities[:, 1], targets) if complete else None
    else:
        f1 = classification.multiclass_f1_score(
            predicted, targets, num_classes=classes, average="macro"
        )
        auroc = (
            classification.multiclass_auroc(probabilities, targets, num_classes=classes)
            if complete
            else None
        )
    return Scores(
        accuracy=(predicted == targets).double().mean().item(),
        # They come in float32; what its rounding adds is no information.
        f1=round(f1.item(), 6),
        auroc=None if auroc is None else round(auroc.item(), 6),
    )


def selection_score(
    probabilities: Float[Tensor, "documents classes"], targets: Int[Tensor, " documents"]
) -> float:
    """What epochs are compared by: AUROC for two classes, accuracy for more.

    Args:
        probabilities: A distribution per document.
        targets: Gold class numbers; with two classes, both occur.

    Returns:
        A number in [0, 1], the larger the better.
    """
    found = score(probabilities, targets)
    return (
        found.auroc if probabilities.shape[1] == 2 and found.auroc is not None else found.accuracy
    )
