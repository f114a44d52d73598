"""What the sheet says before its numbers: how they came about, and where the paper's differ."""

from collections.abc import Iterator

from attnaudit.reproduction.cells import prediction_factor
from attnaudit.reproduction.published import FROM_GRAPHICS, ROUNDED
from attnaudit.reproduction.sheet import Sheet

_RIGHT = (
    "Correlations that are undefined, because attention or an importance is constant, are left out "
    "and counted; the bounds of length are those that the task states; groups by gold class (`is`) "
    "stand beside those by predicted class, which choose documents by the output to be explained. "
    "With `--as-published` this is done as the published code does it."
)
_AS_PUBLISHED = (
    "Made with `--as-published`: where a task states no bound of length, the documents of the "
    "least and of the greatest length of each split are left out too; groups are by predicted "
    "class alone; one undefined correlation makes the mean of its group undefined, and counts as "
    "not significant."
)
_TRAPS = (
    (
        "Published correlations are those of `GradientPval_kendalltau`, `pyxc-pyc_pval_kendalltau` "
        "and `CorrStats_kendalltau:gl`: the folders without the suffix hold another quantity, and "
        "`GradientLOOPval_kendalltau` is attention against leave-one-out in spite of its name."
    ),
    "The letters `ag` and `al` are swapped in the published files; neither is used here.",
    "`±` is over documents and divides by their number; it says nothing of other trainings.",
    (
        "The slope of a binary model is that of the probability of class 1, whichever is "
        "predicted, which ranks words as that of class 0 does; that of any other model is of the "
        "predicted class."
    ),
    "The share of p-values up to 0.05 grows with the length of a text at equal τ.",
    (
        "The published search penalises changes of the output above 0.01 (of two-text tasks, in "
        "the L1 distance, which is twice the total variation distance), takes its last iterate, "
        "and accepts up to 0.05. `search` does the same from its own starts; `solved` is the "
        "maximum at 0.05, exact where one number decides and else the best that linear programmes "
        "find in a sample of documents. (The text of the paper names 0.01 for classification and "
        "0.05 for questions; its plotting program accepts up to 0.05 everywhere.)"
    ),
    (
        "Dev splits, and so vocabularies, came into the published code after the paper (that of "
        "bAbI is 15 % of its train documents; here a tenth, by a hash of each); the test set of 20 "
        "Newsgroups there has other counts than the table of the paper."
    ),
    (
        "The published bAbI models choose among all words of three tasks; these choose among the "
        "words that are an answer in their own."
    ),
    "Published divergences and medians were read back from vector graphics, to 0.01.",
    "Documents of up to five words are put in every order, not in 100 random ones.",
    "The published query of the Average encoder takes its mean over padding too.",
)


def explanation_lines(sheet: Sheet) -> Iterator[str]:
    """The paragraphs before the first table."""
    yield (
        f"{sheet.trained} of {sheet.total} models of Jain & Wallace (2019), trained by the recipe "
        "of the published code and measured on their test documents. `here / published`: the "
        "published numbers are of one training each."
    )
    yield ""
    yield from _seeds(sheet)
    yield ""
    if sheet.request.embeddings is None:
        yield (
            "**Without word vectors.** The published models of SST, IMDB, 20 Newsgroups, AG News "
            "and CNN began with fastText vectors and those of SNLI with GloVe; these began at "
            "random. bAbI begins at random in both. What a word of few occurrences means is then "
            "learned from the task alone, and attention over contextual states is the first to "
            "change: expect lower τ of BiLSTM and CNN. `--embeddings FILE` begins with vectors."
        )
    else:
        yield f"Tasks that began with word vectors begin with {sheet.request.embeddings.name}."
    yield ""
    yield _AS_PUBLISHED if sheet.request.as_published else _RIGHT
    yield ""
    yield "What to know of the published numbers:"
    yield ""
    yield from (f"* {trap}" for trap in _TRAPS)


def _seeds(sheet: Sheet) -> Iterator[str]:
    most = max(map(sheet.request.number_of_seeds, sheet.request.tasks), default=1)
    if most == 1:
        yield (
            "Each model is trained once, so nothing is known of how much a training differs from "
            "the next, and no difference is marked."
        )
        return
    factors = ", ".join(f"{prediction_factor(n):.2f} for {n}" for n in range(2, most + 1))
    yield (
        "Where a model is trained S times, `[ ]` is the standard deviation over trainings, and \\* "
        "marks a number that differs from the published one by more than t(S - 1, 0.975) "
        f"√(1 + 1/S) times it ({factors} trainings) plus what rounding ({ROUNDED} of a share) or "
        f"reading a picture ({FROM_GRAPHICS}) may have changed."
    )
