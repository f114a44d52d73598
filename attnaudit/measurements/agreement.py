"""Does attention rank the words as an importance does? Kendall's tau-b per document."""

from attnaudit.claims import Importance
from attnaudit.measurements.importance import named_importance
from attnaudit.measurements.rows import exact_row
from attnaudit.metrics import kendall_tau
from attnaudit.models.protocol import AttentionModel, Batch
from attnaudit.records import ValueRow


def agreement(
    model: AttentionModel,
    batch: Batch,
    *,
    site: str,
    importance: Importance,
    steps: int | None = None,
) -> tuple[ValueRow, ...]:
    """Quantities "tau" in [-1, 1] and "p-value" in [0, 1], two rows per document.

    Args:
        model: The model.
        batch: Documents.
        site: Attention site.
        importance: What attention is compared with.
        steps: Nodes of the integration, with "integrated-gradients" and no other.

    Raises:
        InvalidArgumentError: If `steps` is missing where it is needed, or given where it is not,
            or a gradient is asked of probabilities that cannot be differentiated.

    Source:
        Jain & Wallace (2019), section 4.1, with "gradient" and "leave-one-out".
    """
    [attended] = model.attend(batch, sites=[site])
    scores = named_importance(importance, model, batch, attended, steps=steps)
    correlation = kendall_tau(
        attended.attention, scores, attended.mask, names=("attention", "importance")
    )
    return tuple(
        exact_row(unit, quantity, float(numbers[position]), undefined=cause)
        for position, (unit, cause) in enumerate(
            zip(attended.units, correlation.undefined, strict=True)
        )
        for quantity, numbers in (("tau", correlation.statistic), ("p-value", correlation.pvalue))
    )
