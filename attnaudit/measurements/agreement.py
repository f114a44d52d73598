"""Does attention rank the words as an importance does? Kendall's tau-b per document."""

from typing import Literal

from attnaudit.measurements.importance import gradient_importance, leave_one_out_importance
from attnaudit.metrics import kendall_tau
from attnaudit.models.protocol import AttentionModel, Batch
from attnaudit.records import ValueRow

Importance = Literal["gradient", "leave-one-out"]


def agreement(
    model: AttentionModel, batch: Batch, *, site: str, importance: Importance
) -> tuple[ValueRow, ...]:
    """Quantities "tau" in [-1, 1] and "p-value" in [0, 1], two rows per document.

    Source:
        Jain & Wallace (2019), section 4.1.
    """
    [attended] = model.attend(batch, sites=[site])
    if importance == "gradient":
        scores = gradient_importance(model, batch)
    else:
        scores = leave_one_out_importance(model, batch, attended.probabilities)
    correlation = kendall_tau(
        attended.attention, scores, attended.mask, names=("attention", "importance")
    )
    rows = []
    for position, (document, unit) in enumerate(attended.units):
        for quantity, numbers in (("tau", correlation.statistic), ("p-value", correlation.pvalue)):
            value = float(numbers[position])
            rows.append(
                ValueRow(
                    document=document,
                    unit=unit,
                    quantity=quantity,
                    value=value,
                    lower=value,
                    upper=value,
                    undefined=correlation.undefined[position],
                )
            )
    return tuple(rows)
