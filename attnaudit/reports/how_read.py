"""In words, how a model read the documents that it was audited on."""

from attnaudit.store.how_read import SpecialMass
from attnaudit.store.run import ModelEntry

_PLACES = "special tokens, and second texts where there are any,"


def truncated_words(entry: ModelEntry) -> str | None:
    """Of how many documents only the beginning was read; None if of none, or that is not known.

    Args:
        entry: A model of a run.
    """
    cut = entry.documents.truncated
    if not cut:
        return None
    return (
        f"only the beginning of {cut} of {entry.documents.n} documents, as the longest input "
        "holds no more"
    )


def special_mass_words(mass: SpecialMass | None) -> str | None:
    """How much of the attention lies on none of the words; None if nothing, or that is not known.

    Args:
        mass: Its share over documents.
    """
    if mass is None or mass.most <= 0:
        return None
    return (
        f"{_PLACES} hold {mass.mean:.1%} of the attention on average "
        f"({mass.least:.1%} to {mass.most:.1%} in single documents)"
    )
