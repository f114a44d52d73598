import pytest
import torch

from attnaudit.errors import InvalidArgumentError
from attnaudit.models.deletions import without_words
from attnaudit.models.protocol import Batch


@pytest.fixture
def batch():
    return Batch(
        documents=("a", "b", "c"),
        tokens=(("p", "q", "r"), ("s",), ("t", "u")),
        token_ids=torch.tensor([[7, 8, 9], [4, 0, 0], [5, 6, 0]]),
        mask=torch.tensor([[True] * 3, [True, False, False], [True, True, False]]),
    )


def test_every_deletion_takes_one_word_and_keeps_the_order_of_the_others(batch):
    found = without_words(batch, [(2, 0), (0, 1), (0, 2), (2, 1)])
    assert found.documents == ("c", "a", "a", "c")
    assert found.tokens == (("u",), ("p", "r"), ("p", "q"), ("t",))
    assert found.token_ids.tolist() == [[6, 0], [7, 9], [7, 8], [5, 0]]
    assert found.mask.tolist() == [[True, False], [True, True], [True, True], [True, False]]


def test_no_deletion_leaves_no_entry(batch):
    assert without_words(batch, []).documents == ()


@pytest.mark.parametrize(
    ("deletion", "message"),
    [
        ((3, 0), "no row 3 .* has 3 rows"),
        ((0, 3), "'a' has no token 3; it has 3"),
        ((0, -1), "'a' has no token -1"),
        ((1, 0), "'b' has a single token"),
    ],
)
def test_a_word_that_cannot_be_taken_out_is_named(batch, deletion, message):
    with pytest.raises(InvalidArgumentError, match=message):
        without_words(batch, [deletion])
