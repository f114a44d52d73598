"""How much each word matters to the output: the measures that attention is compared with."""

from attnaudit.measurements.importance.attention_gradient import attention_gradient_importance
from attnaudit.measurements.importance.gradient import (
    gradient_importance,
    gradient_norm_importance,
    gradient_through_attention_importance,
)
from attnaudit.measurements.importance.integrated_gradients import (
    integrated_gradients,
    integrated_gradients_importance,
)
from attnaudit.measurements.importance.leave_one_out import leave_one_out_importance
from attnaudit.measurements.importance.mask_one_out import mask_one_out_importance
from attnaudit.measurements.importance.named import named_importance
from attnaudit.measurements.importance.remembered import RememberedImportances

__all__ = [
    "RememberedImportances",
    "attention_gradient_importance",
    "gradient_importance",
    "gradient_norm_importance",
    "gradient_through_attention_importance",
    "integrated_gradients",
    "integrated_gradients_importance",
    "leave_one_out_importance",
    "mask_one_out_importance",
    "named_importance",
]
