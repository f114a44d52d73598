import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.data.trained import count_trained, trained_hashes
from attnaudit.errors import DataError
from attnaudit.records import Document


def document(text=None, **fields):
    return Document(id=fields.pop("id", "a"), text=text, **fields)


def test_eight_bytes_are_kept_of_each_different_document():
    content = trained_hashes([document("A film"), document("a  FILM", id="b"), document("other")])
    expected = sorted(
        hashlib.sha256(f"{one}\0".encode()).digest()[:8] for one in ("afilm", "other")
    )
    assert content == b"".join(expected)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=4), max_size=12), st.lists(st.text(max_size=4), max_size=12))
def test_documents_are_counted_by_their_words_and_not_by_their_ids(trained, audited):
    letters = {"".join(text.split()).casefold() for text in trained}
    expected = sum("".join(text.split()).casefold() in letters for text in audited)
    content = trained_hashes([document(text) for text in trained])
    documents = [document(text, id=str(number)) for number, text in enumerate(audited)]
    assert count_trained(content, documents, source="x") == expected


def test_a_text_and_the_words_it_was_split_into_are_the_same_document():
    content = trained_hashes([document(tokens=("a", "film", "."))])
    assert count_trained(content, [document("A film.")], source="x") == 1


def test_two_texts_are_the_same_only_if_both_are():
    content = trained_hashes([document("why", text2="a story")])
    asked = [document("why", text2="a story"), document("why"), document("whya", text2="story")]
    assert count_trained(content, asked, source="x") == 1


@pytest.mark.parametrize("content", [b"1234567", b"b" * 8 + b"a" * 8, b"a" * 16])
def test_what_is_no_list_of_hashes_is_refused(content):
    with pytest.raises(DataError, match=r"somewhere has .*copy the model directory again"):
        count_trained(content, [document("x")], source="somewhere")
