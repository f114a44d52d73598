"""Documents of a batch a few at a time."""

from collections.abc import Iterator

from jaxtyping import Bool
from torch import Tensor


def document_groups(
    mask: Bool[Tensor, "batch tokens"], *, most_words: int
) -> Iterator[tuple[slice, int]]:
    """Neighbouring documents that are worked on together, and the length of the longest.

    What is worked on in many steps should stay in the caches of a processor between them; an
    accelerator rather wants few steps, and gets the whole batch. Which documents share a group
    changes no result.

    Args:
        mask: True at a word.
        most_words: Padded words of a group that has more than one document.

    Yields:
        Which documents, and their largest number of words.
    """
    lengths = mask.sum(dim=1)
    documents = max(1, most_words // max(1, mask.shape[1]))
    if mask.device.type != "cpu":
        documents = max(1, len(mask))
    for start in range(0, len(mask), documents):
        group = slice(start, start + documents)
        yield group, int(lengths[group].max())
