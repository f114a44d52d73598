"""The same weights must give the same values: a difference would be an error of the tool."""

from collections.abc import Sequence

from attnaudit.errors import InternalError
from attnaudit.records import Measurement
from attnaudit.runs.stored import StoredRun
from attnaudit.store.run import ModelEntry
from attnaudit.verdicts.change import Change, ChangeRow
from attnaudit.verdicts.comparison import combine_changes, unchanged_rows
from attnaudit.verdicts.pairing import largest_gap

# Sums in another order, as batches of another size have, differ by less, as a share of the range.
_ROUNDING = 1e-6


def instrument_differences(
    old: StoredRun, old_entry: ModelEntry, new: StoredRun, new_entry: ModelEntry
) -> tuple[str, ...]:
    """What apart from the weights can have changed a value, for example "seed 0, now 1"."""
    pairs = {
        "seed": (old.run.settings.seed, new.run.settings.seed),
        "device": (old_entry.device, new_entry.device),
        "precision": (old_entry.dtype, new_entry.dtype),
        "attnaudit": (old.run.versions.get("attnaudit"), new.run.versions.get("attnaudit")),
    }
    return tuple(f"{name} {was}, now {now}" for name, (was, now) in pairs.items() if was != now)


def settle_same_weights(
    rows: Sequence[ChangeRow], old: Measurement, new: Measurement, *, model: str, dtype: str
) -> tuple[tuple[ChangeRow, ...], str]:
    """The rows of a claim about one set of weights, measured twice in the same way.

    No test is needed: the values are the same, so nothing has changed. In single precision,
    rounding can put a word on the other side of a limit, so values may differ there, but no
    outcome may follow from it.

    Args:
        rows: What the documents show.
        old: The claim's quantity, measured once.
        new: The same of the same documents, measured again.
        model: Name of the model, for messages.
        dtype: Precision of the model, "float64" or "float32".

    Returns:
        The rows, unchanged if the values are the same but for rounding, and why.

    Raises:
        InternalError: If the values of one set of weights contradict each other.
    """
    gap = largest_gap(old, new)
    if gap <= _ROUNDING:
        bits = "to the last bit" if gap == 0 else "but for rounding"
        return unchanged_rows(rows), f"the same weights, and the same values {bits}"
    if dtype == "float64" or combine_changes(rows) in {Change.IMPROVED, Change.WORSE}:
        raise InternalError(
            f"{old.audit} / {old.quantity} of {model} differs between two runs by up to {gap:.2g} "
            "of its range, though weights, documents, seed, device and version are the same. This "
            "is an error of the tool, not a change of the model; please report it"
        )
    return tuple(rows), "the same weights, rounded to other values in single precision"
