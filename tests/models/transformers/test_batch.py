import pytest
import torch

from attnaudit.errors import InvalidArgumentError, UsageError
from attnaudit.models.protocol import Batch
from attnaudit.models.transformers.batch import NO_WORD, checked_pieces, without_pieces
from attnaudit.models.transformers.reading import Reader
from attnaudit.records import Document

from .conftest import VOCABULARY, tiny_tokenizer


@pytest.fixture
def batch():
    reader = Reader(tokenizer=tiny_tokenizer(), longest=32, padding=0, device=torch.device("cpu"))
    texts = ("the zoo was dull", "great film", "a")
    return reader.prepare([Document(id=f"d{i}", text=text) for i, text in enumerate(texts)])


def pieces(batch, row):
    real = batch.piece_mask[row]
    return [VOCABULARY[number] for number in batch.piece_ids[row][real].tolist()]


def test_a_deleted_word_takes_all_its_pieces_with_it_and_no_special_token(batch):
    shortened = without_pieces(batch, [(0, 1), (0, 3), (1, 0)], padding=0)
    assert shortened.documents == ("d0", "d0", "d1")
    assert shortened.tokens == (("the", "was", "dull"), ("the", "zoo", "was"), ("film",))
    assert [pieces(shortened, row) for row in range(3)] == [
        ["[CLS]", "the", "was", "dull", "[SEP]"],
        ["[CLS]", "the", "z", "##o", "##o", "was", "[SEP]"],
        ["[CLS]", "film", "[SEP]"],
    ]
    assert shortened.piece_ids[0, 5:].tolist() == [0, 0], "nothing is left of the word there"
    assert shortened.word_of[0].tolist() == [NO_WORD, 0, 1, 2, *[NO_WORD] * 3]
    assert shortened.word_of[1].tolist() == [NO_WORD, 0, 1, 1, 1, 2, NO_WORD]
    assert shortened.mask.tolist() == [[True] * 3, [True] * 3, [True, False, False]]


@pytest.mark.parametrize(
    ("place", "message"),
    [((3, 0), "no row 3"), ((1, 2), "no token 2"), ((2, 0), "a single token")],
)
def test_what_cannot_be_deleted_is_named(batch, place, message):
    with pytest.raises(InvalidArgumentError, match=message):
        without_pieces(batch, [place], padding=0)


def test_no_deletions_give_no_documents(batch):
    assert without_pieces(batch, [], padding=0).documents == ()


def test_a_masked_word_leaves_every_other_piece_in_its_place(load, texts):
    model = load("bert")
    batch = model.prepare(texts)
    masked = model.masked(batch, [(2, 3), (1, 0)])
    before, after = batch.piece_ids[2].tolist(), masked.piece_ids[0].tolist()
    changed = [
        place for place, (one, other) in enumerate(zip(before, after, strict=True)) if one != other
    ]
    assert batch.tokens[2][3] == "zebra,"
    assert changed == [place for place, word in enumerate(batch.word_of[2].tolist()) if word == 3]
    assert {VOCABULARY[after[place]] for place in changed} == {"[MASK]"}
    assert masked.tokens == (batch.tokens[2], batch.tokens[1])
    assert masked.word_of[0].tolist() == batch.word_of[2].tolist()
    with pytest.raises(InvalidArgumentError, match="no word 9 of a row 0"):
        model.masked(batch, [(0, 9)])


def test_a_tokeniser_without_a_mask_token_cannot_mask(make_directory, texts):
    from attnaudit.models.transformers.loading import load_transformer  # noqa: PLC0415

    model = load_transformer(make_directory("gpt2", tokenizer={"mask_token": None}))
    with pytest.raises(UsageError, match="GPT2ForSequenceClassification has no mask token"):
        model.masked(model.prepare(texts), [(0, 0)])


def test_a_batch_of_another_model_or_of_nothing_is_refused(batch):
    other = Batch(
        documents=batch.documents, tokens=batch.tokens, token_ids=batch.token_ids, mask=batch.mask
    )
    with pytest.raises(InvalidArgumentError, match="this is a Batch"):
        checked_pieces(other)
    with pytest.raises(InvalidArgumentError, match="holds no document"):
        checked_pieces(without_pieces(batch, [], padding=0))
