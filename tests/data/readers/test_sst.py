import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.data import read_documents
from attnaudit.data.readers.sst import read_sst
from attnaudit.errors import DataError

WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="()\n\\", exclude_categories=["Z", "C"]),
    min_size=1,
    max_size=5,
).filter(lambda word: word not in {"-LRB-", "-RRB-"})
LABELS = st.integers(0, 4)
TREES = st.recursive(
    st.tuples(LABELS, WORDS), lambda node: st.tuples(LABELS, node, node), max_leaves=8
)


def bracketed(tree):
    label, *children = tree
    return f"({label} {' '.join(c if isinstance(c, str) else bracketed(c) for c in children)})"


def leaves(tree):
    return [tree[1]] if isinstance(tree[1], str) else [w for node in tree[1:] for w in leaves(node)]


@settings(max_examples=60, deadline=None)
@given(trees=st.lists(TREES, min_size=1, max_size=4))
def test_rows_are_the_leaves_of_every_tree_that_is_not_neutral(tmp_path_factory, trees):
    path = tmp_path_factory.mktemp("trees") / "dev.txt"
    path.write_text("".join(f"{bracketed(tree)}\n" for tree in trees), encoding="utf-8")
    assert [(row.number, row.values) for row in read_sst(path)] == [
        (number, {"tokens": leaves(tree), "label": "0" if tree[0] < 2 else "1"})
        for number, tree in enumerate(trees, start=1)
        if tree[0] != 2
    ]


def test_the_treebanks_escapes_are_undone(write):
    path = write("dev.txt", r"(3 (3 (2 -LRB-) (2 either\/or)) (2 (2 \*\*) (2 -RRB-)))")
    (row,) = read_sst(path)
    assert row.values["tokens"] == ["(", "either/or", "**", ")"]


def test_blank_lines_are_passed_over_and_counted(write):
    path = write("dev.txt", "(3 (2 a) (2 b))\n\n(1 (2 a) (2 b))\n")
    assert [(row.number, row.values["label"]) for row in read_sst(path)] == [(1, "1"), (3, "0")]


@pytest.mark.parametrize(
    "line",
    [
        "a plain sentence",
        "(3 (2 a) (2 b)",
        "(3 (2 a) (2 b)))",
        "(5 (2 a) (2 b))",
        "(3 (2 a) (2 b)) tail",
        "(3 (2 a)) (3 (2 b))",
        "(3 )",
        "3 (2 a)",
        "(3 (2 a)x(7 b))",
    ],
)
def test_a_line_that_is_no_tree_is_named(write, line):
    path = write("dev.txt", f"(3 (2 a) (2 b))\n{line}\n")
    with pytest.raises(DataError, match=r"dev\.txt, line 2 is not a bracketed tree"):
        list(read_sst(path))


def test_trees_and_the_authors_table_give_the_published_counts(published):
    trees = read_documents(f"sst:{published('sst')}")
    table = read_documents(published("sst/sst_dataset.csv.gz"))
    counts = {
        ("train", "0"): 3310,
        ("train", "1"): 3610,
        ("dev", "0"): 428,
        ("dev", "1"): 444,
        ("test", "0"): 912,
        ("test", "1"): 909,
    }
    for documents in (trees, table):
        assert Counter((document.split, document.label) for document in documents) == counts
    assert read_documents(f"sst:{published('sst/sst_dataset.csv.gz')}") == table


def test_trees_and_the_authors_table_label_the_same_sentences_alike(published):
    def letters(text):
        return re.sub("[^a-z]", "", text.lower())

    table = {
        letters(document.text): document.label
        for document in read_documents(published("sst/sst_dataset.csv.gz"))
    }
    trees = {
        letters("".join(document.tokens)): document.label
        for document in read_documents(f"sst:{published('sst')}")
    }
    shared = table.keys() & trees.keys()
    assert len(shared) > 8000
    assert all(table[text] == trees[text] for text in shared)
