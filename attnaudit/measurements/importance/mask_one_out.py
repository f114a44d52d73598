"""How far the output moves when a mask token takes the place of a word."""

from jaxtyping import Float
from torch import Tensor

from attnaudit.errors import UsageError
from attnaudit.measurements.importance.one_out import change_without
from attnaudit.models.protocol import AttentionModel, Batch, MasksWords


def mask_one_out_importance(
    model: AttentionModel, batch: Batch, probabilities: Float[Tensor, "batch classes"]
) -> Float[Tensor, "batch tokens"]:
    r"""$\mathrm{TVD}(p(x_{t \to m}), p(x))$ with m the mask token, in [0, 1]; zero at padding.

    Unlike with leave-one-out, no other word moves, and the document is as long as before. It asks
    for a model whose tokeniser has a mask token; whether the model was trained with it cannot be
    told. A document of one word has an importance, too.

    Args:
        model: The model.
        batch: Documents.
        probabilities: The model's output on the whole documents.

    Raises:
        UsageError: If the model masks no words, or has no mask token.

    Source:
        Occlusion, Zeiler & Fergus (2014), by the mask token of Devlin et al. (2019).
    """
    if not isinstance(model, MasksWords):
        raise UsageError(
            f"mask-one-out needs a model that masks words, and {type(model).__name__} has no "
            "`masked` (attnaudit.models.protocol.MasksWords). Give the claim the importance "
            "leave-one-out, which deletes them."
        )
    return change_without(model, batch, probabilities, batch.mask, one_out=model.masked)
