import pytest
import torch

from attnaudit.models.transformers.batch import NO_WORD
from attnaudit.models.transformers.reading import Reader
from attnaudit.models.transformers.words import SpelledText
from attnaudit.records import Document

from .conftest import VOCABULARY, tiny_tokenizer, tokenizers, transformers


@pytest.fixture(scope="module")
def reader():
    return Reader(tokenizer=tiny_tokenizer(), longest=12, padding=0, device=torch.device("cpu"))


def spelled(batch, row):
    return [VOCABULARY[number] for number in batch.piece_ids[row].tolist()]


def test_every_piece_belongs_to_the_word_that_it_is_a_part_of(reader):
    batch = reader.prepare([Document(id="a", text="the  zoo, great")])
    assert batch.tokens == (("the", "zoo,", "great"),)
    assert spelled(batch, 0) == ["[CLS]", "the", "z", "##o", "##o", ",", "great", "[SEP]"]
    assert batch.word_of[0].tolist() == [NO_WORD, 0, 1, 1, 1, 1, 2, NO_WORD]
    assert batch.place_in_word[0].tolist() == [0, 0, 0, 1, 2, 3, 0, 0]


def test_shorter_documents_are_padded_at_the_end(reader):
    batch = reader.prepare([Document(id="a", text="the film"), Document(id="b", text="dull")])
    assert spelled(batch, 1) == ["[CLS]", "dull", "[SEP]", "[PAD]"]
    assert batch.piece_mask.tolist() == [[True] * 4, [True] * 3 + [False]]
    assert batch.mask.tolist() == [[True, True], [True, False]]
    assert batch.word_of[1].tolist() == [NO_WORD, 0, NO_WORD, NO_WORD]


def test_words_split_already_win_over_the_text(reader):
    batch = reader.prepare([Document(id="a", text="not these", tokens=("the", "dull film"))])
    assert batch.tokens == (("the", "dull film"),)
    assert spelled(batch, 0) == ["[CLS]", "the", "dull", "film", "[SEP]"]
    assert batch.word_of[0].tolist() == [NO_WORD, 0, 1, 1, NO_WORD]


def test_a_word_of_which_the_tokeniser_keeps_nothing_is_left_out(reader):
    batch = reader.prepare(
        [Document(id="a", text="the \u200b film"), Document(id="b", text="\u200b")]
    )
    assert batch.tokens == (("the", "film"),)
    assert batch.documents == ("a",)
    assert [(one.document, one.reason) for one in batch.skipped] == [("b", "it has no token")]


def test_a_document_longer_than_the_longest_input_is_cut_and_named(reader):
    long, short = "film " * 30, "the film"
    batch = reader.prepare([Document(id="long", text=long), Document(id="short", text=short)])
    assert batch.truncated == ("long",)
    assert batch.tokens[0] == ("film",) * 10
    assert batch.piece_ids.shape[1] == 12


@pytest.mark.parametrize("text", ["the  film\nwas great", "the \u200b film", "film " * 30, "zebra"])
def test_reading_what_was_read_changes_nothing(reader, text):
    first = reader.prepare([Document(id="a", text=text)])
    again = reader.prepare([Document(id="a", text=text, tokens=first.tokens[0])])
    assert again.tokens == first.tokens
    assert again.piece_ids.tolist() == first.piece_ids.tolist()
    assert again.word_of.tolist() == first.word_of.tolist()


def test_a_second_text_may_be_longer_than_the_first(reader):
    batch = reader.prepare([Document(id="a", text="a film", text2="we saw the film was dull")])
    assert batch.tokens == (("a", "film"),)
    first = len(batch.word_of[0]) - batch.word_of[0].tolist().count(NO_WORD)
    assert first == len([word for word in batch.word_of[0].tolist() if word in {0, 1}]) == 2


def test_a_second_text_is_read_and_not_audited(reader):
    batch = reader.prepare([Document(id="a", text="the film", text2="was dull")])
    assert batch.tokens == (("the", "film"),)
    assert spelled(batch, 0) == ["[CLS]", "the", "film", "[SEP]", "was", "dull", "[SEP]"]
    assert batch.segments[0].tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert batch.word_of[0].tolist() == [NO_WORD, 0, 1, *[NO_WORD] * 4]


def test_words_have_equal_numbers_exactly_where_their_pieces_are_equal(reader):
    batch = reader.prepare(
        [Document(id="a", text="The film the zoo zoos"), Document(id="b", text="film")]
    )
    numbers = batch.token_ids[0].tolist()
    assert numbers[0] == numbers[2]
    assert len(set(numbers)) == 4
    assert batch.token_ids[1, 0].item() == numbers[1]


def test_white_space_belongs_to_the_word_that_it_precedes():
    text = SpelledText.of_text(" so  good ")
    pieces = [(0, 3), (3, 4), (3, 9), (9, 10), (0, 0)]
    assert text.words_of_pieces(pieces) == [0, 1, 1, NO_WORD, 0]


def test_words_joined_by_blanks_keep_their_places():
    text = SpelledText.of_words(("so", "", "very good"))
    assert text.text == "so  very good"
    assert [text.text[slice(*span)] for span in text.spans] == ["so", "", "very good"]
    assert text.words_of_pieces([(0, 2), (4, 8), (9, 13)]) == [0, 2, 2]


def test_the_pieces_of_a_letter_of_several_bytes_belong_to_its_word():
    byte_level = tokenizers.pre_tokenizers.ByteLevel
    numbers = {piece: number for number, piece in enumerate(sorted(byte_level.alphabet()))}
    pieces = tokenizers.Tokenizer(tokenizers.models.BPE(numbers, merges=[]))
    pieces.pre_tokenizer = byte_level(add_prefix_space=False)
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=pieces)
    reader = Reader(tokenizer=fast, longest=20, padding=0, device=torch.device("cpu"))
    batch = reader.prepare([Document(id="a", text="a \u00e9t\u00e9 \u4e2d\u6587")])
    assert batch.tokens == (("a", "\u00e9t\u00e9", "\u4e2d\u6587"),)
    # Each blank belongs to the word behind it; the last letters have three bytes each.
    assert batch.word_of[0].tolist() == [0, *[1] * 6, *[2] * 7]
    alone = reader.prepare([Document(id="b", text="a \u4e2d\u6587")])
    shorter = reader.prepare([Document(id="c", tokens=("a", "\u4e2d\u6587"))])
    assert alone.piece_ids.tolist() == shorter.piece_ids.tolist()
