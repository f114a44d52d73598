"""Data sets of the hub: which commit of which repository, and what is made of its rows."""

from attnaudit.data import hub_conversions
from attnaudit.data.entry import Entry
from attnaudit.data.hub import Repository
from attnaudit.data.hub_origin import HubOrigin

_AG_NEWS = Repository(
    name="fancyzhx/ag_news",
    revision="eb185aade064a813bc0b7f42de02595523103ca4",
    classes=("World", "Sports", "Business", "Sci/Tech"),
    rows={"train": 120_000, "test": 7_600},
)
_TITLES = (
    "Titles are joined to the descriptions on the hub, while the paper reads descriptions only, "
    "so its numbers are about other texts: for those name the published csv."
)

HUB_ENTRIES = (
    Entry(
        name="imdb",
        description=(
            "IMDB film reviews, 25,000 to train and 25,000 to test as published; the unlabelled "
            "ones are not kept, and <br /> becomes a space."
        ),
        task="whether a film review is positive",
        classes=("neg", "pos"),
        tokenizer="spacy",
        origin=HubOrigin(
            repository=Repository(
                name="stanfordnlp/imdb",
                revision="e6281661ce1c48d982bc483cf8a173c1bbeb5d31",
                configuration="plain_text",
                classes=("neg", "pos"),
                rows={"train": 25_000, "test": 25_000},
            ),
            prefix="imdb",
            convert=hub_conversions.review,
            counts={"train": 25_000, "test": 25_000},
        ),
    ),
    Entry(
        name="ag-news",
        description=f"AG News, four topics, the published train and test files. {_TITLES}",
        task="which of four topics a news article is about",
        classes=("Business", "Sci/Tech", "Sports", "World"),
        tokenizer="spacy",
        origin=HubOrigin(
            repository=_AG_NEWS,
            prefix="ag-news",
            convert=hub_conversions.article,
            counts={"train": 120_000, "test": 7_600},
        ),
    ),
    Entry(
        name="ag-news-world-business",
        description=f"AG News, the two topics of Jain & Wallace (2019). {_TITLES}",
        task="whether a news article is about the world or about business",
        classes=("Business", "World"),
        tokenizer="spacy",
        origin=HubOrigin(
            repository=_AG_NEWS,
            prefix="ag-news",
            convert=hub_conversions.world_or_business,
            counts={"train": 60_000, "test": 3_800},
        ),
    ),
    Entry(
        name="snli",
        description=(
            "SNLI 1.0, premises with the hypothesis as second text, split as published; pairs on "
            "which no majority agreed are left out."
        ),
        task="whether a hypothesis follows from a premise, contradicts it, or neither",
        classes=("contradiction", "entailment", "neutral"),
        tokenizer="spacy",
        origin=HubOrigin(
            repository=Repository(
                name="stanfordnlp/snli",
                revision="cdb5c3d5eed6ead6e5a341c8e56e669bb666725b",
                configuration="plain_text",
                text="premise",
                text2="hypothesis",
                classes=("entailment", "neutral", "contradiction"),
                unlabelled=-1,
                rows={"train": 550_152, "validation": 10_000, "test": 10_000},
            ),
            prefix="snli",
            convert=hub_conversions.pair,
            counts={"train": 549_367, "dev": 9_842, "test": 9_824},
        ),
    ),
    Entry(
        name="sst",
        description=(
            "Stanford Sentiment Treebank, whole sentences that are not neutral, 0 negative and "
            "1 positive, in the treebank's own words, lower-cased, escapes undone. The paper's "
            "table of them has no punctuation, so its numbers are about shorter sentences."
        ),
        task="whether a sentence about a film is positive",
        classes=("0", "1"),
        tokenizer="whitespace",
        origin=HubOrigin(
            repository=Repository(
                name="SetFit/sst2",
                revision="00ea8ccb7a54b4e3780a3e51aa3f80361ff849c0",
                label="label_text",
                classes=("negative", "positive"),
                rows={"train": 6_920, "validation": 872, "test": 1_821},
            ),
            prefix="sst",
            convert=hub_conversions.sentence,
            counts={"train": 6_920, "dev": 872, "test": 1_821},
        ),
    ),
)
"""All of them. What was verified of each without the hub at hand is in docs/data.md."""
