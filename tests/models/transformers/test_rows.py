import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.models.transformers.batch import NO_WORD
from attnaudit.models.transformers.rows import PieceRows


@st.composite
def piece_rows(draw):
    """One entry: special tokens, words of one to three pieces, padding at the end."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=5))
    word_of = [NO_WORD]
    for word, size in enumerate(sizes):
        word_of += [word] * size
    word_of += [NO_WORD] * draw(st.integers(0, 2))
    padding = draw(st.integers(0, 2))
    weight = st.floats(0, 1, allow_subnormal=False)
    count = draw(st.integers(1, 3))
    rows = [[draw(weight) for _ in word_of] for _ in range(count)]
    own = torch.tensor(rows, dtype=torch.float64) + torch.tensor(
        [1e-3] + [0.0] * (len(word_of) - 1)
    )
    own = torch.cat([own / own.sum(dim=1, keepdim=True), torch.zeros(count, padding)], dim=1)
    return PieceRows(
        own=own.unsqueeze(0),
        real=torch.ones(1, count, dtype=torch.bool),
        word_of=torch.tensor([word_of + [NO_WORD] * padding]),
        mask=torch.ones(1, len(sizes), dtype=torch.bool),
    )


def _of_word(rows, row, word):
    places = [piece for piece, of in enumerate(rows.word_of[0].tolist()) if of == word]
    return sum(float(rows.own[0, row, piece]) for piece in places), places


@settings(max_examples=60, deadline=None)
@given(piece_rows())
def test_a_words_weight_is_that_of_its_pieces_as_a_share_of_all_words(rows):
    over_words = rows.over_words()
    for row in range(rows.own.shape[1]):
        each = [_of_word(rows, row, word)[0] for word in range(rows.mask.shape[1])]
        assert rows.on_words()[0, row].item() == pytest.approx(sum(each))
        wanted = [one / sum(each) if sum(each) else 1 / len(each) for one in each]
        assert over_words[0, row].tolist() == pytest.approx(wanted)


@settings(max_examples=60, deadline=None)
@given(piece_rows())
def test_the_special_mass_is_what_words_leave_of_a_row_on_average(rows):
    words, number = range(rows.mask.shape[1]), rows.own.shape[1]
    left = [1 - sum(_of_word(rows, row, word)[0] for word in words) for row in range(number)]
    assert rows.special_mass().tolist() == pytest.approx([sum(left) / number])


def test_neither_padding_nor_a_padded_query_counts_as_special_mass():
    rows = PieceRows(
        own=torch.tensor(
            [
                # The first of two special pieces, two words, and a place that is padding in one.
                [[0.1, 0.5, 0.3, 0.1], [0.2, 0.3, 0.4, 0.1], [1.0, 0.0, 0.0, 0.0]],
                [[0.0, 1.0, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]],
            ]
        ).double(),
        real=torch.tensor([[True, True, False], [True, True, True]]),
        word_of=torch.tensor([[NO_WORD, 0, 1, NO_WORD], [NO_WORD, 0, NO_WORD, NO_WORD]]),
        mask=torch.tensor([[True, True], [True, False]]),
    )
    assert rows.special_mass().tolist() == pytest.approx([0.25, 0.5])
    assert rows.select(torch.tensor([1])).special_mass().tolist() == pytest.approx([0.5])


@settings(max_examples=60, deadline=None)
@given(piece_rows())
def test_a_models_own_words_give_its_own_pieces_again(rows):
    again = rows.over_pieces(rows.over_words().unsqueeze(1)).squeeze(1)
    torch.testing.assert_close(again, rows.own, rtol=1e-12, atol=1e-15)


@settings(max_examples=60, deadline=None)
@given(piece_rows(), st.integers(0, 100))
def test_special_tokens_are_neither_used_nor_emptied_by_a_replacement(rows, seed):
    shape = (1, 2, *rows.over_words().shape[1:])
    draw = torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    other = draw / draw.sum(dim=3, keepdim=True)
    pieces = rows.over_pieces(other)
    special = rows.word_of[0] == NO_WORD
    for row in range(rows.own.shape[1]):
        on_words = float(rows.on_words()[0, row])
        for k in range(2):
            assert pieces[0, k, row, special].tolist() == rows.own[0, row, special].tolist()
            assert float(pieces[0, k, row].sum()) == pytest.approx(1)
            for word in range(rows.mask.shape[1]):
                own, places = _of_word(rows, row, word)
                given_weight = on_words * float(other[0, k, row, word])
                for place in places:
                    share = float(rows.own[0, row, place]) / own if own else 1 / len(places)
                    assert float(pieces[0, k, row, place]) == pytest.approx(given_weight * share)


def test_a_weight_near_the_smallest_number_leaves_special_tokens_as_they_are():
    rows = PieceRows(
        # In single precision 1 / 8e-42 is infinite, and that times 0 is not a number.
        own=torch.tensor([[[0.6, 8e-42, 0.4, 0.0]]], dtype=torch.float32),
        real=torch.ones(1, 1, dtype=torch.bool),
        word_of=torch.tensor([[NO_WORD, 0, 1, NO_WORD]]),
        mask=torch.ones(1, 2, dtype=torch.bool),
    )
    assert rows.own[0, 0, 1] > 0
    again = rows.over_pieces(rows.over_words().unsqueeze(1)).squeeze(1)
    torch.testing.assert_close(again, rows.own)


def test_a_padded_query_has_no_part_in_the_mean():
    rows = PieceRows(
        own=torch.tensor([[[0.1, 0.8, 0.1], [0.5, 0.1, 0.4], [1.0, 0.0, 0.0]]]).double(),
        real=torch.tensor([[True, True, False]]),
        word_of=torch.tensor([[NO_WORD, 0, 1]]),
        mask=torch.ones(1, 2, dtype=torch.bool),
    )
    over_words = rows.over_words()[0]
    assert over_words[0].tolist() == pytest.approx([8 / 9, 1 / 9])
    assert over_words[1].tolist() == pytest.approx([0.2, 0.8])
    assert over_words[2].tolist() == pytest.approx(over_words[:2].mean(dim=0).tolist())
