import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from attnaudit.data import select_split, split_documents
from attnaudit.data.split import drawn_split, hash_position
from attnaudit.errors import DataError
from attnaudit.records import Document


def documents(*splits):
    return tuple(
        Document(id=str(number), text=f"text {number}", split=split)
        for number, split in enumerate(splits)
    )


def ids(chosen):
    return [document.id for document in chosen]


def test_one_split_is_selected_in_order():
    assert ids(select_split(documents("test", "train", "test"), "test")) == ["0", "2"]


def test_a_document_without_a_split_among_others_is_not_lost_silently():
    with pytest.raises(DataError, match="document '1' and 0 others have no split"):
        select_split(documents("test", None), "test")


def test_without_any_split_all_documents_are_selected():
    assert ids(select_split(documents(None, None), "test")) == ["0", "1"]


@pytest.mark.parametrize("written", ["dev", "val", "valid", "validation"])
@pytest.mark.parametrize("asked", ["dev", "val", "valid", "validation"])
def test_the_dev_split_has_several_names(written, asked):
    assert ids(select_split(documents("train", written), asked)) == ["1"]


def test_a_split_that_does_not_exist_lists_those_there_are():
    with pytest.raises(DataError, match="in the split 'test'; the splits are 'dev', 'train'"):
        select_split(documents("train", "dev", "train"), "test")


def test_own_splits_are_kept():
    divided = split_documents(documents("test", "train", "validation", "extra", "train"))
    assert {split: ids(group) for split, group in divided.items()} == {
        "train": ["1", "4"],
        "dev": ["2"],
        "test": ["0"],
        "extra": ["3"],
    }


def test_a_document_without_split_among_others_is_named():
    with pytest.raises(DataError, match="document '1' and 0 others have no split, while 2 have"):
        split_documents(documents("train", None, "test"))


def test_drawn_splits_have_their_shares_and_cover_every_document_once():
    divided = split_documents(documents(*[None] * 4000))
    shares = {split: len(group) / 4000 for split, group in divided.items()}
    assert shares == pytest.approx({"train": 0.8, "dev": 0.1, "test": 0.1}, abs=0.02)
    assert sorted(int(name) for group in divided.values() for name in ids(group)) == [*range(4000)]
    assert all(item.split == split for split, group in divided.items() for item in group)


def test_a_documents_split_depends_on_its_text_alone():
    many = documents(*[None] * 300)
    of_all = {item.text: split for split, group in split_documents(many).items() for item in group}
    renamed = tuple(Document(id=f"x{item.id}", text=item.text) for item in reversed(many[100:]))
    for split, group in split_documents(renamed).items():
        assert all(of_all[item.text] == split for item in group)


def test_tokens_are_drawn_like_the_text_they_make():
    texts = [f"word {number}" for number in range(100)]
    whole = split_documents(Document(id=text, text=text) for text in texts)
    split = split_documents(Document(id=text, tokens=tuple(text.split())) for text in texts)
    assert {name: ids(group) for name, group in whole.items()} == {
        name: ids(group) for name, group in split.items()
    }


def test_too_few_documents_to_draw_from_are_refused():
    with pytest.raises(
        DataError, match=r"2 documents are too few to draw a (train|dev|test) split"
    ):
        split_documents(documents(None, None))


@given(st.text(st.characters(codec="utf-8")))
def test_the_position_is_the_hash_read_as_a_binary_fraction(key):
    digits = hashlib.sha256(key.encode()).hexdigest()
    bits = "".join(f"{int(digit, 16):04b}" for digit in digits)[:53]
    assert hash_position(key) == sum(
        2.0 ** -(place + 1) for place, bit in enumerate(bits) if bit == "1"
    )
    assert 0 <= hash_position(key) < 1


def test_positions_are_uniform():
    assert kstest([hash_position(str(number)) for number in range(3000)], "uniform").pvalue > 1e-3


def test_a_drawn_split_never_changes():
    assert [drawn_split(key) for key in "agik5"] == ["train", "dev", "dev", "train", "test"]
