import pytest
import torch

from attnaudit.data.vocabulary import SPECIALS, Vocabulary
from attnaudit.errors import InvalidArgumentError
from attnaudit.models.preparation import check_filled, first_words, padded, reason_to_skip
from attnaudit.models.protocol import Batch
from attnaudit.records import Document

CPU = torch.device("cpu")


def test_words_already_split_win_over_the_text():
    split = Document(id="a", text="not these", tokens=("these", "two words"))
    assert first_words(split, tokenizer="whitespace") == ("these", "two words")
    raw = Document(id="b", text=" just  these ")
    assert first_words(raw, tokenizer="whitespace") == ("just", "these")
    assert first_words(Document(id="c"), tokenizer="whitespace") == ()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "the question has no token"),
        (("a",) * 3, None),
        (("a",) * 4, "the question has 4 tokens, more than max_tokens = 3"),
    ],
)
def test_a_text_is_skipped_only_if_it_is_empty_or_too_long(words, reason):
    assert reason_to_skip(words, max_tokens=3, where="the question") == reason


def test_texts_are_padded_at_the_end_by_a_number_that_no_word_has():
    vocabulary = Vocabulary((*SPECIALS, "film", "dull"))
    numbers, mask = padded([("dull", "Film", "x"), ("film",)], vocabulary, device=CPU)
    assert numbers.tolist() == [[5, 4, 1], [4, 0, 0]]
    assert mask.tolist() == [[True, True, True], [True, False, False]]


def test_no_texts_make_an_empty_table():
    numbers, mask = padded([], Vocabulary(SPECIALS), device=CPU)
    assert numbers.shape == mask.shape == (0, 0)


def test_only_a_batch_without_documents_is_refused():
    full = Batch(
        documents=("a",),
        tokens=(("x",),),
        token_ids=torch.tensor([[1]]),
        mask=torch.tensor([[True]]),
    )
    check_filled(full)
    empty = Batch(
        documents=(),
        tokens=(),
        token_ids=torch.zeros(0, 0, dtype=torch.int64),
        mask=torch.zeros(0, 0, dtype=torch.bool),
    )
    with pytest.raises(InvalidArgumentError, match="holds no document"):
        check_filled(empty)
