"""Which documents a task has: their lengths, their words, and that they are read once."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnaudit.data import read_documents, tokenize, write_documents
from attnaudit.errors import UsageError
from attnaudit.records import Document
from attnaudit.reproduction.documents import prepare_documents, within_lengths
from attnaudit.reproduction.request import Request
from attnaudit.reproduction.tasks import named_task
from attnaudit.training.recipes import Recipe

SHARED = Path(__file__).parents[2] / "../shared/data"
LENGTHS = st.lists(st.integers(1, 12), min_size=1, max_size=30)


def of_lengths(lengths, split="train"):
    return [
        Document(id=f"{split}-{n}", tokens=("word",) * length, label=str(n % 2), split=split)
        for n, length in enumerate(lengths)
    ]


def kept(lengths, recipe, *, drop_extremes):
    found = within_lengths(of_lengths(lengths), recipe, drop_extremes=drop_extremes)
    return [len(document.tokens) for document in found]


@given(lengths=LENGTHS)
def test_bounds_are_inclusive_and_open_ones_leave_nothing_out(lengths):
    assert kept(lengths, Recipe(), drop_extremes=False) == lengths
    bounded = Recipe(min_tokens=3, max_tokens=8)
    assert kept(lengths, bounded, drop_extremes=False) == [n for n in lengths if 3 <= n <= 8]


@given(lengths=LENGTHS)
def test_as_published_every_document_of_an_open_ends_extreme_length_is_left_out(lengths):
    strictly_inside = [n for n in lengths if min(lengths) < n < max(lengths)]
    assert kept(lengths, Recipe(), drop_extremes=True) == strictly_inside
    below = [n for n in lengths if 3 <= n < max(lengths)]
    assert kept(lengths, Recipe(min_tokens=3), drop_extremes=True) == below


def test_no_documents_are_left_as_they_are():
    assert within_lengths([], Recipe(), drop_extremes=True) == ()


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "own.jsonl"
    documents = of_lengths([3, 6, 7, 9]) + of_lengths([6, 8, 8], split="test")
    write_documents(path, documents)
    return path


@pytest.fixture
def request_of(tmp_path, table):
    def make(**changes):
        fields = {"out": tmp_path / "out", "tasks": ("sst",), "data": {"sst": f"jsonl:{table}"}}
        return Request(**fields | changes)

    return make


def test_documents_are_cut_to_length_and_counted(request_of):
    prepared = prepare_documents(named_task("sst"), request_of())
    assert prepared.counts == {"train": 3, "test": 3}
    assert prepared.left_out == {"train": 1, "test": 0}
    documents = read_documents(prepared.path)
    assert [document.id for document in documents if document.split == "test"] == [
        *("test-0", "test-1", "test-2")
    ]


def test_as_published_each_split_loses_its_longest(request_of):
    prepared = prepare_documents(named_task("sst"), request_of(as_published=True))
    assert prepared.counts == {"train": 2, "test": 1}


def test_they_are_not_read_again_even_if_their_source_is_gone(request_of, table):
    first = prepare_documents(named_task("sst"), request_of())
    table.unlink()
    assert prepare_documents(named_task("sst"), request_of()) == first


def test_a_folder_with_other_documents_is_refused(request_of):
    prepare_documents(named_task("sst"), request_of())
    with pytest.raises(UsageError, match="Choose another --out, or ask as before"):
        prepare_documents(named_task("sst"), request_of(as_published=True))


def test_changed_documents_are_noticed(request_of, table):
    prepare_documents(named_task("sst"), request_of())
    write_documents(table, of_lengths([3, 6, 7, 9]) + of_lengths([6, 8, 7], split="test"))
    with pytest.raises(UsageError, match="the files have changed since"):
        prepare_documents(named_task("sst"), request_of())


def test_a_record_without_a_digest_gets_that_of_the_present_files(request_of, table):
    request = request_of()
    first = prepare_documents(named_task("sst"), request)
    record = request.out / "documents" / "sst.json"
    fields = json.loads(record.read_text())
    digest = fields.pop("sha256")
    record.write_text(json.dumps(fields))
    assert prepare_documents(named_task("sst"), request) == first
    assert json.loads(record.read_text()) == fields | {"sha256": digest}
    table.write_text(table.read_text() + "\n")
    with pytest.raises(UsageError, match="the files have changed since"):
        prepare_documents(named_task("sst"), request)


def test_texts_are_split_by_the_tokenizer_of_the_task(tmp_path, request_of):
    path = tmp_path / "texts.jsonl"
    text = "It isn't bad, not bad at all"
    write_documents(
        path,
        [
            Document(id=split, text=text, label="1", split=split)
            for split in ("train", "dev", "test")
        ],
    )
    request = request_of(data={"sst": str(path)})
    [document, *_] = read_documents(prepare_documents(named_task("sst"), request).path)
    assert document.text is None
    assert document.tokens == ("It", "is", "n't", "bad", ",", "not", "bad", "at", "all")


def test_a_task_without_a_known_place_says_how_to_name_it(request_of):
    with pytest.raises(UsageError, match=r"--data sst=PATH, or a folder that holds sst/sst_data"):
        prepare_documents(named_task("sst"), request_of(data={}))


@pytest.mark.parametrize(
    ("task", "source", "expected"),
    [
        ("sst", "sst/sst_dataset.csv.gz", 1725),
        ("agnews", "ag-news-world-business:ag_news/test.csv.gz", 3798),
    ],
)
def test_as_published_leaves_as_many_test_documents_as_the_authors_counted(task, source, expected):
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not here")
    reader, _, place = source.rpartition(":")
    documents = read_documents(f"{reader}:{SHARED / place}" if reader else SHARED / place)
    in_words = [
        Document(id=one.id, tokens=tokenize(one.text, tokenizer="spacy"))
        for one in documents
        if one.split in (None, "test")
    ]
    assert len(within_lengths(in_words, named_task(task).settings, drop_extremes=True)) == expected


def test_usual_places_are_found_packed_and_read_by_their_reader(tmp_path, request_of):
    (tmp_path / "sets" / "sst").mkdir(parents=True)
    rows = [f"{'word ' * 7}{split},{n % 2},{split}" for split in "abc" for n in range(4)]
    names = {"a": "train", "b": "dev", "c": "test"}
    lines = [f"{row[:-1]}{names[row[-1]]}" for row in rows]
    table = "\n".join(["text,label,exp_split", *lines]) + "\n"
    (tmp_path / "sets/sst/sst_dataset.csv.gz").write_bytes(gzip.compress(table.encode()))
    tasks = tmp_path / "sets/babi/en-10k"
    tasks.mkdir(parents=True)
    story = "1 Mary went to the hall.\n2 Where is Mary? \thall\t1\n"
    for split in ("train", "test"):
        (tasks / f"qa1_single-supporting-fact_{split}.txt").write_text(story)
    request = request_of(tasks=("sst", "babi-1"), data={}, data_dir=tmp_path / "sets")
    assert prepare_documents(named_task("sst"), request).counts == {
        "train": 4,
        "dev": 4,
        "test": 4,
    }
    [train, test] = read_documents(prepare_documents(named_task("babi-1"), request).path)
    assert (train.split, test.split) == ("train", "test")
    assert test.tokens == ("Mary", "went", "to", "the", "hall")
    assert test.text2 == "Where is Mary"


@pytest.mark.parametrize(
    ("name", "lengths", "within"),
    [
        ("adr", [5, 6, 99, 100], [6, 99]),
        ("diabetes", [6, 7, 3999, 4000], [7, 3999]),
        ("anemia", [1, 3999, 4000], [1, 3999]),
    ],
)
@pytest.mark.parametrize("by_name", [True, False])
def test_who_holds_a_set_that_may_not_be_passed_on_names_a_table(
    tmp_path, name, lengths, within, by_name
):
    place = tmp_path / named_task(name).place
    place.parent.mkdir()
    lines = [f"{'word ' * length},{n % 2},test" for n, length in enumerate(lengths)]
    place.write_text("\n".join(["text,label,split", *lines]) + "\n")
    where = {"data": {name: str(place)}} if by_name else {"data_dir": tmp_path}
    request = Request(out=tmp_path / "out", tasks=(name,), **where)
    prepared = prepare_documents(named_task(name), request)
    kept = read_documents(str(prepared.path))
    assert [len(document.tokens) for document in kept] == within
    assert {document.label for document in kept} <= {"0", "1"}
