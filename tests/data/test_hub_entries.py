"""What the catalog makes of each repository, laid out with the columns and classes of its card."""

import csv
import gzip
import io
import json
import re

import pytest

from attnaudit.data import catalog, read_documents, select_split
from attnaudit.errors import DataError
from attnaudit.records import Document

pytestmark = pytest.mark.usefixtures("without_network")

SPLITS = ("train", "dev", "test")
REVIEWS = [{"text": "dull<br /><br />long", "label": 0}, {"text": "great", "label": 1}]
TOPICS = ("World", "Sports", "Business", "Sci/Tech")
ARTICLES = [{"text": f"{topic} title about\\things", "label": n} for n, topic in enumerate(TOPICS)]
ENTAILMENT = ("entailment", "neutral", "contradiction")
PAIRS = [
    {"premise": "A man sleeps.", "hypothesis": f"Number {label}.", "label": label}
    for label in (2, -1, 0, 1)
]
SENTENCES = [
    {"text": "-lrb- a -rrb- writer\\/director !", "label": 1, "label_text": "positive"},
    {"text": "too long", "label": 0, "label_text": "negative"},
]


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def lay_sentences(cache):
    """The binary treebank as the hub has it: three files of JSON lines, a card without a head."""

    def lay_sentences(**files):
        folder = cache / "hub/SetFit/sst2"
        folder.mkdir(parents=True)
        (folder / "README.md").write_text("# A card\n")
        for name, rows in files.items():
            (folder / f"{name}.jsonl").write_text(lines(rows))
        return folder

    return lay_sentences


def test_imdb_has_the_reader_s_texts_and_labels_and_no_unlabelled_reviews(lay, small):
    unlabelled = [{"text": "who knows", "label": -1}]
    splits = {"train": REVIEWS, "test": REVIEWS[::-1], "unsupervised": unlabelled}
    lay("stanfordnlp/imdb", splits, classes=("neg", "pos"))
    entry = small("imdb", {"train": 2, "test": 2}, {"train": 2, "test": 2})
    assert read_documents(catalog.fetch(entry)) == (
        Document(id="imdb-train-1", text="dull  long", label="neg", split="train"),
        Document(id="imdb-train-2", text="great", label="pos", split="train"),
        Document(id="imdb-test-1", text="great", label="pos", split="test"),
        Document(id="imdb-test-2", text="dull  long", label="neg", split="test"),
    )


def test_ag_news_has_four_topics_or_the_paper_s_two_under_the_same_ids(lay, small):
    splits = {"train": ARTICLES, "test": ARTICLES}
    lay("fancyzhx/ag_news", splits, classes=TOPICS, configuration="default")
    rows = {"train": 4, "test": 4}
    four = read_documents(catalog.fetch(small("ag-news", rows, rows)))
    assert [(one.id, one.label, one.text) for one in four[:2]] == [
        ("ag-news-train-1", "World", "World title about things"),
        ("ag-news-train-2", "Sports", "Sports title about things"),
    ]
    two = catalog.fetch(small("ag-news-world-business", rows, {"train": 2, "test": 2}))
    assert read_documents(two) == tuple(one for one in four if one.label in {"World", "Business"})


def test_snli_leaves_out_and_counts_pairs_without_a_gold_label(lay, small):
    splits = {"test": PAIRS, "validation": PAIRS[:2], "train": PAIRS}
    lay("stanfordnlp/snli", splits, classes=ENTAILMENT)
    rows = {"train": 4, "validation": 2, "test": 4}
    entry = small("snli", rows, {"train": 3, "dev": 1, "test": 3})
    documents = read_documents(catalog.fetch(entry))
    assert [(one.id, one.label) for one in select_split(documents, "train")] == [
        ("snli-train-1", "contradiction"),
        ("snli-train-3", "entailment"),
        ("snli-train-4", "neutral"),
    ]
    [pair] = select_split(documents, "validation")
    assert (pair.text, pair.text2, pair.split) == ("A man sleeps.", "Number 2.", "dev")
    assert ("left out", "1 train, 1 dev, 1 test") in entry.origin.lines()


def test_sst_has_the_treebank_s_words_and_the_reader_s_labels(lay_sentences, small):
    lay_sentences(train=SENTENCES, dev=SENTENCES[:1], test=SENTENCES[1:])
    rows = {"train": 2, "validation": 1, "test": 1}
    documents = read_documents(catalog.fetch(small("sst", rows, {"train": 2, "dev": 1, "test": 1})))
    assert [one.split for one in documents] == ["train", "train", "dev", "test"]
    assert documents[0].tokens == ("(", "a", ")", "writer/director", "!")
    assert [one.label for one in documents] == ["1", "0", "1", "0"]
    assert {one.text for one in documents} == {None}


def test_a_set_in_which_other_rows_are_labelled_is_refused_and_not_kept(lay, small, cache):
    lay("stanfordnlp/snli", {"train": PAIRS}, classes=ENTAILMENT)
    with pytest.raises(DataError, match="gives 3 train documents; expected 4 train, so other rows"):
        catalog.fetch(small("snli", {"train": 4}, {"train": 4}))
    assert list(cache.rglob("documents.*")) in ([], [*cache.rglob("documents.lock")])


def test_published_trees_in_the_spelling_of_the_hub_come_back_lower_cased(published, lay_sentences):
    labels = {"0": "negative", "1": "positive"}
    trees = {name: read_documents(f"sst:{published(f'sst/{name}.txt.gz')}") for name in SPLITS}
    escapes = {"(": "-lrb-", ")": "-rrb-"}
    lay_sentences(
        **{
            split: [
                {
                    "text": " ".join(
                        escapes.get(word, word.replace("/", "\\/")).lower() for word in one.tokens
                    ),
                    "label": int(one.label),
                    "label_text": labels[one.label],
                }
                for one in documents
            ]
            for split, documents in trees.items()
        }
    )
    found = read_documents("sst")
    assert catalog.is_cached("sst")
    for split in SPLITS:
        assert [(one.tokens, one.label) for one in select_split(found, split)] == [
            (tuple(word.lower() for word in one.tokens), one.label) for one in trees[split]
        ]


@pytest.mark.parametrize(
    ("split", "size"), [("train", 884_164), ("dev", 112_712), ("test", 231_803)]
)
def test_the_published_trees_have_the_sizes_that_the_hub_states_for_sst(published, split, size):
    trees = published(f"sst/{split}.txt.gz")
    words = re.compile(r"\([0-4] ([^()]+)\)")
    sentences = [
        " ".join(words.findall(line))
        for line in gzip.decompress(trees.read_bytes()).decode().splitlines()
        if line[1] != "2"
    ]
    # Of each row: the text, where it ends, a label of eight bytes, its name and where that ends.
    assert sum(len(one.encode()) + 4 + 8 + 8 + 4 for one in sentences) == size


def test_published_pairs_in_the_columns_of_the_hub_come_back_as_they_were(published, lay, small):
    path = published("snli/snli_1.0_test.jsonl.gz")
    pairs = map(json.loads, gzip.decompress(path.read_bytes()).decode().splitlines())
    rows = [
        {
            "premise": pair["sentence1"],
            "hypothesis": pair["sentence2"],
            "label": -1 if pair["gold_label"] == "-" else ENTAILMENT.index(pair["gold_label"]),
        }
        for pair in pairs
    ]
    lay("stanfordnlp/snli", {"test": rows}, classes=ENTAILMENT)
    pinned = catalog.show("snli").origin
    entry = small("snli", {"test": pinned.repository.rows["test"]}, {"test": pinned.counts["test"]})
    found = read_documents(catalog.fetch(entry))
    assert [(one.text, one.text2, one.label) for one in found] == [
        (one.text, one.text2, one.label) for one in read_documents(f"snli:{path}")
    ]


def test_ag_news_of_the_hub_has_the_published_descriptions_behind_their_titles(
    published, lay, small
):
    path = published("ag_news/test.csv.gz")
    records = csv.reader(io.StringIO(gzip.decompress(path.read_bytes()).decode(), newline=""))
    articles = [{"text": f"{title} {text}", "label": int(n) - 1} for n, title, text in records]
    lay("fancyzhx/ag_news", {"test": articles}, classes=TOPICS, configuration="default")
    pinned = catalog.show("ag-news-world-business").origin.counts["test"]
    entry = small("ag-news-world-business", {"test": 7600}, {"test": pinned})
    found = read_documents(catalog.fetch(entry))
    expected = read_documents(f"ag-news-world-business:{path}")
    assert [one.label for one in found] == [one.label for one in expected]
    assert all(
        one.text.endswith(f" {other.text}") for one, other in zip(found, expected, strict=True)
    )
