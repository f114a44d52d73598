"""Checks before any verdict: a broken instrument is an error, never a result."""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from attnaudit.errors import PreflightError, UsageError
from attnaudit.models.protocol import Attended, AttentionModel, Batch, Outputs

_SUM_TOLERANCE = 1e-5
_REACH_TOLERANCE = 1e-6
_REACH_DOCUMENTS = 8
_ALTERNATIVES_AT_ONCE = 256


def preflight(model: AttentionModel, batch: Batch, *, sites: Sequence[str] | None = None) -> None:
    """Raise unless `model` can be measured at `sites`.

    It must be in evaluation mode, repeat itself, attend with distributions over the words, and
    predict finite probabilities, the same ones from its own embeddings. Where attention can be
    replaced, replacing it by itself must change nothing, and some one-hot attention must change a
    logit.

    Args:
        model: The model.
        batch: Some documents of the audit, at least one.
        sites: Names of attention sites; without any, the default site.

    Raises:
        PreflightError: If one of these fails; the message says which, where, and what to do.
        UsageError: If the model has no such site.
    """
    if model.training:
        raise PreflightError(
            "the model is in training mode, so dropout and the like may change its output. Call "
            "eval() on every part before it is audited."
        )
    replaceable = {site.name: site.replaceable for site in model.sites}
    names = list(sites or [model.sites[0].name])
    for name in names:
        if name not in replaceable:
            known = ", ".join(replaceable)
            raise UsageError(f"the model has no attention site {name!r}; it has {known}.")
    seen = model.attend(batch, sites=names)
    again = model.attend(batch, sites=names)
    for name, attended, repeated in zip(names, seen, again, strict=True):
        check_attended(attended, site=name, outputs=model.outputs)
        _check_repeats(attended, repeated, name)
        if replaceable[name]:
            _check_identity(attended, name)
            _check_reach(attended, batch, name)
    _check_embedded(model, batch, seen[0])


def check_attended(attended: Attended, *, site: str, outputs: Outputs) -> None:
    """Raise unless what a model shows at a site is well formed. Cheap enough for every batch.

    Args:
        attended: One batch at one site.
        site: Name of the site, for messages.
        outputs: What the model says it predicts.

    Raises:
        PreflightError: If shapes disagree, weights are not a distribution over the words (sums
            within 1e-5), or probabilities are not finite probabilities of the classes.
    """
    _check_shapes(attended, site, outputs)
    _check_distributions(attended.attention.unsqueeze(1), attended, f"{site!r}, attention")
    _check_distributions(attended.rows, attended, f"{site!r}, rows")
    _check_probabilities(attended, site, outputs)


def _check_shapes(attended: Attended, site: str, outputs: Outputs) -> None:
    units, width = len(attended.units), attended.mask.shape[1]
    rows = attended.rows.shape[1] if attended.rows.ndim == 3 else 1
    classes = len(outputs.classes)
    for name, found, wanted in (
        ("mask", attended.mask, (units, width)),
        ("attention", attended.attention, (units, width)),
        ("rows", attended.rows, (units, rows, width)),
        ("probabilities", attended.probabilities, (units, classes)),
    ):
        if tuple(found.shape) != wanted:
            raise PreflightError(
                f"at site {site!r}, {name} has shape {tuple(found.shape)}, but {units} units of at "
                f"most {width} tokens and {classes} classes need {wanted}. Mend attend()."
            )


def _check_distributions(
    weights: Float[Tensor, "batch rows tokens"], attended: Attended, where: str
) -> None:
    padding = ~attended.mask.unsqueeze(1)
    for fault, words, advice in (
        (~weights.isfinite(), "is not finite", "Look for a softmax over masked scores alone."),
        (weights < 0, "is negative", "Pass weights after the softmax, not scores."),
        ((weights != 0) & padding, "lies on padding", "Mask padding before the softmax."),
    ):
        if fault.any():
            unit, row, token = fault.nonzero()[0].tolist()
            raise PreflightError(
                f"{_document(attended, unit)} at site {where}: the weight of token {token} in row "
                f"{row} {words} ({weights[unit, row, token].item():.4g}). {advice}"
            )
    sums = weights.sum(dim=2)
    off = (sums - 1).abs() > _SUM_TOLERANCE
    if off.any():
        unit, row = off.nonzero()[0].tolist()
        raise PreflightError(
            f"{_document(attended, unit)} at site {where}: row {row} sums to "
            f"{sums[unit, row].item():.6g}, not to 1. Normalise over the words alone."
        )


def _check_probabilities(attended: Attended, site: str, outputs: Outputs) -> None:
    probabilities = attended.probabilities
    broken = ~probabilities.isfinite().all(dim=1)
    outside = ((probabilities < 0) | (probabilities > 1 + _SUM_TOLERANCE)).any(dim=1)
    sums = probabilities.sum(dim=1)
    uneven = (sums - 1).abs() > _SUM_TOLERANCE
    if outputs.kind == "multilabel":
        uneven = torch.zeros_like(uneven)
    for fault, words, advice in (
        (broken, "are not finite", "Look for overflow in the model."),
        (outside, "lie outside [0, 1]", "Return probabilities, not logits."),
        (uneven, "do not sum to 1", "Normalise them over the classes."),
    ):
        if fault.any():
            unit = int(fault.nonzero()[0])
            seen = [float(f"{p:.6g}") for p in probabilities[unit].tolist()[:8]]
            raise PreflightError(
                f"{_document(attended, unit)} at site {site!r}: its probabilities {words} "
                f"({seen}). {advice}"
            )


def _check_repeats(attended: Attended, repeated: Attended, site: str) -> None:
    tolerance = 1e-10 if attended.attention.dtype == torch.float64 else 1e-6
    for name, first, second in (
        ("attention", attended.attention, repeated.attention),
        ("rows", attended.rows, repeated.rows),
        ("probabilities", attended.probabilities, repeated.probabilities),
    ):
        differences = (first - second).abs().flatten(1).amax(dim=1)
        unit = int(differences.argmax())
        if differences[unit] > tolerance:
            raise PreflightError(
                f"{_document(attended, unit)} at site {site!r}: two passes over the same batch "
                f"differ by {differences[unit].item():.3g} in {name}. Turn off dropout and "
                "sampling."
            )


def _check_identity(attended: Attended, site: str) -> None:
    reproduced = attended.readout.replace(attended.rows.unsqueeze(1)).squeeze(1)
    _check_reproduces(reproduced, attended, f"readout.replace(rows) at site {site!r}")


def _check_reproduces(
    reproduced: Float[Tensor, "batch classes"], attended: Attended, means: str
) -> None:
    tolerance = 1e-6 if attended.probabilities.dtype == torch.float64 else 1e-5
    differences = (reproduced - attended.probabilities).abs().amax(dim=1)
    allowed = tolerance * attended.probabilities.amax(dim=1)
    # Negated, so that a difference that is not a number is wrong too.
    wrong = ~(differences <= allowed)
    if wrong.any():
        unit = int(wrong.nonzero()[0])
        raise PreflightError(
            f"{_document(attended, unit)}: {means} must reproduce the model's own probabilities, "
            f"but misses them by {differences[unit].item():.3g}. Compute both by the same steps."
        )


def _check_embedded(model: AttentionModel, batch: Batch, attended: Attended) -> None:
    # Only one output per document can be compared entry by entry.
    if len(attended.units) != len(batch.documents):
        return
    with torch.no_grad():
        embedded = model.predict_embedded(batch, model.embed(batch), attention_frozen=True)
    _check_reproduces(embedded, attended, "predict_embedded() at embed()")


def _check_reach(attended: Attended, batch: Batch, site: str) -> None:
    # Where the model reads the same token everywhere, all attentions may rightly give one output.
    rows = {name: row for row, name in enumerate(batch.documents)}
    units = [
        unit
        for unit, (document, _) in enumerate(attended.units)
        if len(set(batch.token_ids[rows[document]][batch.mask[rows[document]]].tolist())) > 1
    ]
    if not units:
        return
    tried = units[:_REACH_DOCUMENTS]
    # Of all of them: beside a logit that happens to be near zero, rounding looks like reach.
    largest = _largest_logit(attended, tried)
    most = 0.0
    for unit in tried:  # The first that moves is enough.
        moved = _moved(attended, unit)
        if moved > _REACH_TOLERANCE * largest:
            return
        most = max(most, moved)
    named = ", ".join(repr(attended.units[unit][0]) for unit in tried)
    raise PreflightError(
        f"attention at site {site!r} reaches no logit: putting all weight on any one token of "
        f"documents {named} moves none by more than {most:.3g} (the largest is "
        f"{largest:.3g}). Check that the output is computed from the attention, and that the "
        "readout replaces it where it is used."
    )


def _largest_logit(attended: Attended, units: Sequence[int]) -> float:
    index = torch.tensor(units, device=attended.mask.device)
    own = attended.attention[index].unsqueeze(1)
    logits = attended.readout.select(index).logits(own).abs()
    return max(logits[logits.isfinite()].tolist(), default=0.0)


def _moved(attended: Attended, unit: int) -> float:
    low, high = _logit_range(attended, unit)
    moved = high - low
    return max(moved[moved.isfinite()].tolist(), default=0.0)


def _logit_range(
    attended: Attended, unit: int
) -> tuple[Float[Tensor, "1 outputs"], Float[Tensor, "1 outputs"]]:
    index = torch.tensor([unit], device=attended.mask.device)
    readout, mask = attended.readout.select(index), attended.mask[index]
    own = attended.attention[index].unsqueeze(1)
    low = high = readout.logits(own).squeeze(1)
    for start in range(0, mask.shape[1], _ALTERNATIVES_AT_ONCE):
        positions = torch.arange(mask.shape[1], device=mask.device)[start:][:_ALTERNATIVES_AT_ONCE]
        logits = readout.logits(_one_hot_at(positions, mask, own))
        low = torch.minimum(low, logits.amin(dim=1))
        high = torch.maximum(high, logits.amax(dim=1))
    return low, high


def _one_hot_at(
    positions: Int[Tensor, " k"],
    mask: Bool[Tensor, "selected tokens"],
    own: Float[Tensor, "selected 1 tokens"],
) -> Float[Tensor, "selected k tokens"]:
    """All weight on each of `positions`; `own` where that is padding."""
    one_hot = torch.nn.functional.one_hot(positions, mask.shape[1]).to(own)
    return torch.where(mask[:, positions].unsqueeze(2), one_hot, own)


def _document(attended: Attended, unit: int) -> str:
    return f"document {attended.units[unit][0]!r}"
