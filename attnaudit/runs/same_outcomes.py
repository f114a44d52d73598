"""The same weights and values must give the same outcome: another would be an error of the tool."""

from collections.abc import Sequence

from attnaudit.errors import InternalError
from attnaudit.records import Outcome
from attnaudit.runs.side import Decided


def decision_differences(old: Decided, new: Decided) -> tuple[str, ...]:
    """What apart from values can have changed an outcome."""
    before, after = old.stored.run, new.stored.run
    pairs = {
        "attnaudit": (before.versions.get("attnaudit"), after.versions.get("attnaudit")),
        "error level": (old.level, new.level),
        "documents before the first look": (
            before.settings.first_block,
            after.settings.first_block,
        ),
        "documents drawn": (old.drawn, new.drawn),
        "documents to draw from": (
            old.entry.documents.population,
            new.entry.documents.population,
        ),
    }
    found = [f"{name} {was}, now {now}" for name, (was, now) in pairs.items() if was != now]
    if old.entry.documents.digest != new.entry.documents.digest:
        found.append("another set of documents")
    if old.entry.claims_digest != new.entry.claims_digest:
        found.append("other claims")
    return tuple(found)


def settle_outcomes(
    old: Outcome | None, new: Outcome | None, *, differences: Sequence[str], subject: str
) -> str | None:
    """Why one set of weights with the same values has two outcomes.

    Args:
        old: What was decided once; None, or an error, where nothing was.
        new: What was decided again.
        differences: What can have changed the decision, as from `decision_differences`.
        subject: Which claim about which model, for messages.

    Returns:
        The cause in words, or None if the outcomes are the same.

    Raises:
        InternalError: If there is no cause.
    """
    undecided = {None, Outcome.ERROR}
    if old == new or old in undecided or new in undecided:
        return None
    if differences:
        return f"decided otherwise because of {'; '.join(differences)}"
    raise InternalError(
        f"{subject} was {old} and is {new}, though weights, documents, claims, error level and "
        "version are the same, and values but for rounding. This is an error of the tool, not a "
        "change of the model; please report it"
    )
