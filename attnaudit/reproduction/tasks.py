"""The paper's tasks: what they are trained on, by which recipe, and what is published of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from attnaudit.data.tokenization import Tokenizer
from attnaudit.errors import UsageError
from attnaudit.training.recipes import RECIPES, Recipe

ENCODERS = ("bilstm", "cnn", "average")
ATTENTIONS = ("additive", "dot")

MOST_CLASSES_BY_GROUP = 3
"""The paper tells predicted classes apart only where there are no more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One of the paper's data sets.

    Attributes:
        name: What it is called here and in published.csv.
        title: What the sheet calls it.
        recipe: Name of its recipe of training.
        reader: What reads it where its place is a path.
        place: Where it is expected inside a folder of data sets, with or without `.gz`; None if it
            is fetched by name.
        catalog: Name under which the catalog has the documents that are expected in that place;
            they are fetched if the task is named and neither they nor a folder of data sets is.
        test_counts: How many test documents there are if they are the paper's: in the published
            files, whose code leaves out all of an extreme length where a bound is open, and where
            that differs, in the paper's table or by the stated bounds alone. Empty if nothing is
            published of it.
        train_count: Documents that the published models learned from, where others may be at hand.
        tokenizer: What splits its texts.
        classes: The classes in the order in which the published files number them; empty where
            there are too many to be told apart.
        two_texts: Whether a second text asks about the first.
        pretrained: Whether the published models began with pretrained word vectors.
        caveat: Why its cells are not comparable with the published ones as it is fetched by name.
    """

    name: str
    title: str
    recipe: str
    reader: str
    place: str | None
    test_counts: tuple[int, ...]
    train_count: int | None = None
    tokenizer: Tokenizer = "spacy"
    catalog: str | None = None
    classes: tuple[str, ...] = ()
    two_texts: bool = False
    pretrained: bool = True
    caveat: str | None = None

    @property
    def settings(self) -> Recipe:
        """Its recipe of training."""
        return RECIPES[self.recipe]


def _table(name: str, title: str, *, place: str, test_counts: tuple[int, ...]) -> Task:
    return Task(
        name=name,
        title=title,
        recipe=name,
        reader="csv",
        place=place,
        test_counts=test_counts,
        classes=("0", "1"),
    )


def _babi(number: int) -> Task:
    return Task(
        name=f"babi-{number}",
        title=f"bAbI {number}",
        recipe="babi",
        reader=f"babi-{number}",
        place="babi/en-10k",
        test_counts=(1000,),
        tokenizer="whitespace",
        two_texts=True,
        pretrained=False,
    )


TASKS: Mapping[str, Task] = MappingProxyType(
    {
        task.name: task
        for task in (
            _table("sst", "SST", place="sst/sst_dataset.csv", test_counts=(1725, 1726)),
            Task(
                name="imdb",
                title="IMDB",
                recipe="imdb",
                reader="imdb",
                place="aclImdb",
                catalog="imdb",
                test_counts=(4356,),
                classes=("neg", "pos"),
            ),
            Task(
                name="20news-sports",
                title="20 Newsgroups sports",
                recipe="20news-sports",
                reader="20newsgroups-sports",
                place=None,
                test_counts=(357, 334),
                classes=("baseball", "hockey"),
                caveat="The documents are those of the catalog: lower-cased, digits and "
                "punctuation stripped, header words kept, of another length distribution. No cell "
                "is comparable with the published one.",
            ),
            Task(
                name="agnews",
                title="AG News, World against Business",
                recipe="agnews",
                reader="ag-news-world-business",
                place="ag_news",
                test_counts=(3798, 3800),
                train_count=60_000,
                classes=("World", "Business"),
            ),
            Task(
                name="agnews-4",
                title="AG News, 4 classes",
                recipe="agnews",
                reader="ag-news",
                place="ag_news",
                test_counts=(),
                classes=("World", "Sports", "Business", "Sci/Tech"),
            ),
            _table(
                "adr",
                "Tweets on adverse drug reactions",
                place="adr/adr_dataset.csv",
                test_counts=(4123,),
            ),
            _table(
                "diabetes",
                "Diabetes (MIMIC)",
                place="mimic/diabetes_dataset.csv",
                test_counts=(1615, 1614),
            ),
            _table(
                "anemia", "Anemia (MIMIC)", place="mimic/anemia_dataset.csv", test_counts=(1262,)
            ),
            _babi(1),
            _babi(2),
            _babi(3),
            Task(
                name="snli",
                title="SNLI",
                recipe="snli",
                reader="snli",
                place="snli",
                catalog="snli",
                test_counts=(9824,),
                train_count=549_367,
                classes=("contradiction", "entailment", "neutral"),
                two_texts=True,
            ),
            Task(
                name="cnn",
                title="CNN",
                recipe="cnn",
                reader="cnn",
                place="cnn",
                test_counts=(3198,),
                train_count=380_298,
                two_texts=True,
            ),
        )
    }
)
"""The tasks by name. MIMIC and the tweets may not be passed on: who holds them names a table of
them, with columns text, label and split, their labels 0 and 1 as published. AG News with four
classes is not in the paper.

Source:
    Jain & Wallace (2019), table 1, and the published code.
"""


def named_task(name: str) -> Task:
    """The task of that name.

    Raises:
        UsageError: If there is none.
    """
    if name not in TASKS:
        raise UsageError(f"there is no task {name!r}; the tasks are {', '.join(TASKS)}.")
    return TASKS[name]
