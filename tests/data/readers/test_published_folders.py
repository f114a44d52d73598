"""Every published folder, reached as READER:FOLDER with the splits that its names tell."""

from collections import Counter

import pytest

from attnaudit.data import read_documents
from attnaudit.data.readers.registry import READERS, reader_by_extension
from attnaudit.errors import DataError

STORY = "1 Ann went home.\n2 Where is Ann? \thome\t1\n"
PAIR = '{"pairID": "%s", "sentence1": "a", "sentence2": "b", "gold_label": "neutral"}'
QUESTION = "url\n\n@entity0 ran\n\n@placeholder ran\n\n@entity0\n\n@entity0:Ann"
FOLDERS = {
    "babi-3": {"qa3_a_train.txt": STORY, "qa3_a_test.txt": STORY, "qa1_a_test.txt": STORY},
    "snli": {"snli_1.0_train.jsonl": PAIR % "a", "snli_1.0_test.jsonl": PAIR % "b"},
    "imdb": {
        f"{split}/{label}/0_5.txt": "so so"
        for split in ("train", "test")
        for label in ("pos", "neg")
    },
    "20newsgroups": {f"20news-bydate-{split}/sci.med/1": "post" for split in ("train", "test")},
    "20newsgroups-sports": {
        f"20news-bydate-{split}/rec.sport.hockey/1": "post" for split in ("train", "test")
    },
    "cnn": {"training/a.question": QUESTION, "test/b.question": QUESTION},
}


@pytest.mark.parametrize("reader", FOLDERS)
def test_a_published_folder_is_read_with_its_splits_and_unique_ids(write, tmp_path, reader):
    for name, content in FOLDERS[reader].items():
        write(name, content)
    documents = read_documents(f"{reader}:{tmp_path}")
    assert {document.split for document in documents} == {"train", "test"}
    assert len({document.id for document in documents}) == len(documents)


def test_no_reader_of_folders_is_chosen_by_an_extension(tmp_path):
    extensions = {ending for reader in READERS.values() for ending in reader.extensions}
    chosen = [reader_by_extension(tmp_path / f"a.{ending}") for ending in extensions]
    assert not any(reader.reads_folders for reader in chosen if reader)


@pytest.mark.parametrize("reader", [name for name, one in READERS.items() if one.reads_folders])
def test_an_empty_folder_is_refused_by_every_reader_of_folders(tmp_path, reader):
    with pytest.raises(DataError, match="it holds nothing"):
        read_documents(f"{reader}:{tmp_path}")


def test_published_stories_and_pairs_are_reached_by_name(published):
    stories = read_documents(f"babi-1:{published('babi/en')}")
    assert Counter(document.split for document in stories) == {"train": 1000, "test": 1000}
    pairs = read_documents(f"snli:{published('snli')}")
    counts = Counter(document.split for document in pairs)
    assert counts == {"train": 1022, "dev": 9842, "test": 9824}
