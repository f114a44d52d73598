import gzip
import json
from collections import Counter

import pytest

from attnaudit.data import read_documents
from attnaudit.errors import DataError

LABELS = ("entailment", "contradiction", "neutral", "-")


def pair(number, label, **changes):
    values = {
        "annotator_labels": [label],
        "gold_label": label,
        "pairID": f"{number}.jpg#0r1",
        "sentence1": f"A premise, {number}.",
        "sentence2": f"A hypothesis, {number}.",
    } | changes
    return json.dumps({key: value for key, value in values.items() if value is not ...}) + "\n"


FOUR = "".join(pair(number, label) for number, label in enumerate(LABELS))


def test_the_premise_is_the_text_and_the_hypothesis_the_second_text(write):
    first, *_ = read_documents(f"snli:{write('pairs.jsonl', FOUR)}")
    assert (first.id, first.text, first.text2) == ("0.jpg#0r1", "A premise, 0.", "A hypothesis, 0.")
    assert (first.label, first.split) == ("entailment", None)


def test_pairs_without_a_majority_are_left_out_and_no_others(write):
    documents = read_documents(f"snli:{write('pairs.jsonl.gz', FOUR)}")
    assert [document.label for document in documents] == ["entailment", "contradiction", "neutral"]


def test_names_tell_the_splits_in_a_folder(documents_of, write, tmp_path):
    for number, name in enumerate(("1.0_test", "1.0_train_part2", "1.0_train", "1.0_dev")):
        write(f"snli_{name}.jsonl", pair(number, "neutral"))
    write("snli_1.0_dev.txt", "the same as a table")
    write("other.jsonl", "{}")
    found = [(document.id[0], document.split) for document in documents_of("snli", tmp_path)]
    assert found == [("2", "train"), ("1", "train"), ("3", "dev"), ("0", "test")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (pair(1, "neutral", sentence1=...), "has no sentence1; a pair of SNLI has the strings"),
        (pair(1, "neutral", pairID=...), "has no pairID"),
        (pair(1, "neutral", gold_label=...), "has no gold_label"),
        (pair(1, "-", sentence2=...), "has no sentence2"),
        (pair(1, "neutral", sentence2=7), "has 7 as sentence2"),
        (pair(1, "neutral", sentence2=None), "has None as sentence2"),
        (pair(1, "neutral", gold_label=2), "has 2 as gold_label"),
        (pair(1, "contradicts"), "has the gold_label 'contradicts'; the labels of SNLI are contra"),
        (pair(1, "neutral")[:40], "is not JSON"),
        ("neutral\tA premise\tA hypothesis\n", "is not JSON"),
    ],
)
def test_a_line_that_is_no_pair_is_named(write, line, message):
    path = write("pairs.jsonl", pair(0, "neutral") + line)
    with pytest.raises(DataError, match=rf"pairs\.jsonl, line 2 {message}"):
        read_documents(f"snli:{path}")


def test_half_a_character_is_named(write):
    path = write("pairs.jsonl", pair(0, "neutral", sentence2="\ud800"))
    with pytest.raises(DataError, match="line 1: text2 must be made of whole characters"):
        read_documents(f"snli:{path}")


def test_another_encoding_is_named(write):
    content = pair(0, "neutral") + pair(1, "neutral").replace("premise", "pr\u00e9mise")
    with pytest.raises(DataError, match=r"line 2, byte \d+ is not UTF-8"):
        read_documents(f"snli:{write('pairs.jsonl', content.encode('latin-1'))}")


@pytest.mark.parametrize("names", [(), ("pairs.jsonl", "snli_1.0_dev.txt")])
def test_a_folder_without_published_files_is_refused(documents_of, write, tmp_path, names):
    for name in names:
        write(name, FOUR)
    seen = ", ".join(names) or "nothing"
    with pytest.raises(DataError, match=rf"no file called snli_1\.0_train.* it holds {seen}"):
        documents_of("snli", tmp_path)


def test_an_error_in_a_folder_names_file_and_line(documents_of, write, tmp_path):
    write("snli_1.0_dev.jsonl", FOUR + "{}")
    with pytest.raises(DataError, match=r"snli_1\.0_dev\.jsonl, line 5 has no pairID"):
        documents_of("snli", tmp_path)


def test_a_link_out_of_the_folder_is_refused(documents_of, write, tmp_path):
    outside = write("outside.jsonl", FOUR)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "snli_1.0_dev.jsonl").symlink_to(outside)
    with pytest.raises(DataError, match="is a link that leads out of"):
        documents_of("snli", inside)


def test_the_published_files_have_the_published_counts(documents_of, published):
    documents = documents_of("snli", published("snli"))
    counts = Counter((document.split, document.label) for document in documents)
    assert {label: counts["test", label] for label in sorted(LABELS[:3])} == {
        "contradiction": 3237,
        "entailment": 3368,
        "neutral": 3219,
    }
    assert sum(counts["dev", label] for label in LABELS) == 9842
    assert counts["train", "entailment"] == 343
    assert len({document.id for document in documents}) == len(documents)


def test_a_table_of_pairs_is_read_by_its_columns_once_it_has_a_header(published, write):
    content = gzip.decompress(published("snli/train_sample2000.tsv.gz").read_bytes())
    path = write("pairs.tsv.gz", b"label\tagain\tpremise\thypothesis\n" + content)
    columns = {"text": "premise", "text2": "hypothesis"}
    documents = read_documents(f"tsv-unquoted:{path}", columns=columns)
    assert Counter(document.label for document in documents) == {"3": 652, "2": 685, "1": 663}
    assert all(document.text and document.text2 for document in documents)


def test_without_a_header_the_table_is_refused(published):
    with pytest.raises(DataError, match="line 1 names the column '3' more than once"):
        read_documents(f"tsv-unquoted:{published('snli/train_sample2000.tsv.gz')}")
