"""What the published code sets differently from task to task. Needs no torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from attnaudit.errors import UsageError
from attnaudit.models.pairs.candidates import Candidates

# Where the paper begins with pretrained vectors, their entries are some tenths in size. torch's own
# default, 1, drowns what little a rare word can learn: on SST, seed 0, dev AUROC was 0.828 with it
# and 0.860 with 0.25 (average encoder), 0.866 and 0.880 (BiLSTM).
EMBEDDING_SCALE = 0.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """The settings of a training that depend on its task.

    Attributes:
        epochs: Passes over the train split.
        batch_size: Documents per step.
        min_document_frequency: In how many train documents a word must occur to be known.
        min_tokens: Shorter documents are left out.
        max_tokens: Longer documents are left out.
        embedding_size: Dimensions of a word's embedding.
        embedding_scale: Standard deviation of its entries where they begin at random.
        hidden_size: Units per direction of a BiLSTM, in all otherwise.
        candidates: Which classes may be the answer to a second text; None where there is none.
    """

    epochs: int = 8
    batch_size: int = 32
    min_document_frequency: int = 2
    min_tokens: int = 1
    max_tokens: int = 20_000
    embedding_size: int = 300
    embedding_scale: float = EMBEDDING_SCALE
    hidden_size: int = 128
    candidates: Candidates | None = None


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "classification": Recipe(),
        "sst": Recipe(min_document_frequency=1, min_tokens=6),
        "imdb": Recipe(min_document_frequency=10, min_tokens=7, max_tokens=399),
        "20news-sports": Recipe(min_tokens=7, max_tokens=499),
        "agnews": Recipe(min_document_frequency=5),
        "adr": Recipe(min_tokens=6, max_tokens=99),
        "diabetes": Recipe(min_document_frequency=5, min_tokens=7, max_tokens=3999),
        "anemia": Recipe(min_document_frequency=5, max_tokens=3999),
        "snli": Recipe(epochs=25, batch_size=128, min_document_frequency=3, candidates="all"),
        "cnn": Recipe(epochs=25, batch_size=90, min_document_frequency=8, candidates="mentioned"),
        "babi": Recipe(
            epochs=100,
            batch_size=50,
            min_document_frequency=1,
            embedding_size=50,
            embedding_scale=1.0,
            hidden_size=32,
            candidates="all",
        ),
    }
)
"""The recipes by name. "classification" is what the tasks of one text share.

Source:
    The published code of Jain & Wallace (2019). It takes entities as candidates in all tasks of
    two texts; in bAbI and SNLI every answer is one.
"""

_OF_READERS = {
    "snli": "snli",
    "cnn": "cnn",
    "babi": "babi",
    **{f"babi-{task}": "babi" for task in (1, 2, 3)},
}
_OF_CATALOG = {"snli": "snli"}


def named_recipe(name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        UsageError: If there is none.
    """
    if name not in RECIPES:
        raise UsageError(f"--recipe must be one of {', '.join(RECIPES)}; found {name!r}.")
    return RECIPES[name]


def recipe_of(data: str) -> Recipe:
    """The recipe that goes with data, by the reader in front of its path or its catalog name.

    Args:
        data: As for `TrainingOptions.data`.

    Returns:
        The recipe of the tasks of two texts where a reader or a set of theirs is named, else that
        of classification: how documents of one text were prepared says nothing about their task.

    Example:
        >>> recipe_of("babi-1:tasks/en-10k").epochs, recipe_of("reviews.csv").epochs
        (100, 8)
    """
    reader, colon, _ = data.partition(":")
    known = _OF_READERS if colon else _OF_CATALOG
    return RECIPES[known.get(reader, "classification")]
