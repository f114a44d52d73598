"""The importance that a claim names."""

from jaxtyping import Float
from torch import Tensor

from attnaudit.claims import Importance
from attnaudit.errors import InvalidArgumentError
from attnaudit.measurements.importance.attention_gradient import attention_gradient_importance
from attnaudit.measurements.importance.gradient import (
    gradient_importance,
    gradient_norm_importance,
    gradient_through_attention_importance,
)
from attnaudit.measurements.importance.integrated_gradients import integrated_gradients_importance
from attnaudit.measurements.importance.leave_one_out import leave_one_out_importance
from attnaudit.measurements.importance.mask_one_out import mask_one_out_importance
from attnaudit.models.protocol import Attended, AttentionModel, Batch


def named_importance(
    importance: Importance,
    model: AttentionModel,
    batch: Batch,
    attended: Attended,
    *,
    steps: int | None = None,
) -> Float[Tensor, "batch tokens"]:
    """How much each word matters, by the measure of that name; zero at padding.

    Args:
        importance: Name of the measure.
        model: The model.
        batch: Documents.
        attended: The same documents at the site that is audited.
        steps: Nodes of the integration, with "integrated-gradients" and no other.

    Returns:
        Non-negative numbers. Gradients are changes of probability per relative change (per unit
        of length for "gradient-norm"), leave-one-out and mask-one-out total variation distances.

    Raises:
        InvalidArgumentError: If `steps` is missing where it is needed, or given where it is not.
        NotDifferentiableError: If a gradient is asked of probabilities that have none.
        UsageError: If "mask-one-out" is asked of a model that masks no words.
    """
    if importance == "integrated-gradients":
        if steps is None:
            raise InvalidArgumentError(
                "integrated-gradients needs the number of its steps; none was given. Pass steps."
            )
        return integrated_gradients_importance(model, batch, steps=steps)
    if steps is not None:
        raise InvalidArgumentError(
            f"steps = {steps} was given with importance {importance!r}, which integrates nothing. "
            "Leave steps out, or ask for integrated-gradients."
        )
    if importance == "attention-gradient":
        return attention_gradient_importance(attended, outputs=model.outputs)
    if importance == "leave-one-out":
        return leave_one_out_importance(model, batch, attended.probabilities)
    if importance == "mask-one-out":
        return mask_one_out_importance(model, batch, attended.probabilities)
    measure = {
        "gradient": gradient_importance,
        "gradient-through-attention": gradient_through_attention_importance,
        "gradient-norm": gradient_norm_importance,
    }[importance]
    return measure(model, batch)
