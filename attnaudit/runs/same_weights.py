"""The same weights must give the same values: a difference would be an error of the tool."""

from collections.abc import Sequence

from attnaudit.claims import Claim
from attnaudit.errors import InternalError
from attnaudit.records import Measurement
from attnaudit.runs.stored import StoredRun
from attnaudit.store.run import ModelEntry
from attnaudit.verdicts.change import Change, ChangeRow
from attnaudit.verdicts.changed_rows import combine_changes, unchanged_rows, undirected_rows
from attnaudit.verdicts.pairing import largest_gap

# Sums in another order, as batches of another size have, differ by less, as a share of the range.
_ROUNDING = 1e-6


def instrument_differences(
    claim: Claim, old: StoredRun, old_entry: ModelEntry, new: StoredRun, new_entry: ModelEntry
) -> tuple[str, ...]:
    """What apart from the weights can have changed a value, for example "seed 0, now 1".

    Nothing, exactly if both runs stored the claim's measurement under one key.
    """
    if old.measurement_key(old_entry, claim) == new.measurement_key(new_entry, claim):
        return ()
    pairs = {
        "seed": (old.run.settings.seed, new.run.settings.seed),
        "device": (old_entry.device, new_entry.device),
        "precision": (old_entry.dtype, new_entry.dtype),
        "attnaudit": (old.run.versions.get("attnaudit"), new.run.versions.get("attnaudit")),
        "documents before the first look": (
            old.run.settings.first_block,
            new.run.settings.first_block,
        ),
    }
    found = [f"{name} {was}, now {now}" for name, (was, now) in pairs.items() if was != now]
    if old_entry.documents.digest != new_entry.documents.digest:
        found.append("another set of documents")
    # The key covers more than run.json says.
    return tuple(found) or ("another revision of the measurement",)


def settle_same_weights(
    rows: Sequence[ChangeRow],
    old: Measurement,
    new: Measurement,
    *,
    differences: Sequence[str],
    model: str,
    dtype: str,
) -> tuple[tuple[ChangeRow, ...], str]:
    """The rows of a claim about one set of weights, measured twice.

    No test is needed where the values are the same: nothing has changed. They may differ if they
    were measured in another way, but then the instrument moved and not the model. In single
    precision rounding can put a word on the other side of a limit; no outcome may follow from it.

    Args:
        rows: What the documents show.
        old: The claim's quantity, measured once.
        new: The same of the same documents, measured again.
        differences: What else than the weights is different, as from `instrument_differences`.
        model: Name of the model, for messages.
        dtype: Precision of the model, "float64" or "float32".

    Returns:
        The rows, unchanged if the values are the same but for rounding, never improved or worse;
        and why.

    Raises:
        InternalError: If the values of one set of weights contradict each other.
    """
    gap = largest_gap(old, new)
    if gap <= _ROUNDING:
        bits = "to the last bit" if gap == 0 else "but for rounding"
        return unchanged_rows(rows), f"the same weights, and the same values {bits}"
    if differences:
        why = f"the same weights, measured in another way: {'; '.join(differences)}"
        return undirected_rows(
            rows, reason="weights that are the same are not better or worse"
        ), why
    if dtype == "float64" or combine_changes(rows) in {Change.IMPROVED, Change.WORSE}:
        raise InternalError(
            f"{old.audit} / {old.quantity} of {model} differs between two runs by up to {gap:.2g} "
            "of its range, though weights, documents, seed, device and version are the same. This "
            "is an error of the tool, not a change of the model; please report it"
        )
    return tuple(rows), "the same weights, rounded to other values in single precision"
