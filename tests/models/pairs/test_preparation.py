import pytest
import torch

from attnaudit.errors import DataError, InvalidArgumentError
from attnaudit.models.pairs.batch import checked_pairs
from attnaudit.records import Document


def test_both_texts_are_looked_up_and_padded_by_themselves(make_pair_model):
    model = make_pair_model()
    batch = model.prepare(
        [
            Document(id="a", tokens=("Ann", "Garden"), text2="where is Ann"),
            Document(id="b", text="the kitchen now", text2="where"),
        ]
    )
    encode = model.vocabulary.encode
    assert batch.documents == ("a", "b")
    assert batch.tokens == (("Ann", "Garden"), ("the", "kitchen", "now"))
    assert batch.token_ids.tolist() == [
        [*encode(["ann", "garden"]), 0],
        encode(["the", "kitchen", "now"]),
    ]
    assert batch.query_ids.tolist() == [
        encode(["where", "is", "ann"]),
        [*encode(["where"]), 0, 0],
    ]
    assert batch.query_mask.tolist() == [[True] * 3, [True, False, False]]
    assert batch.query_of.tolist() == [0, 1]
    assert batch.candidates.all()


def test_candidates_are_the_classes_that_a_document_mentions(make_pair_model, pairs):
    batch = make_pair_model(candidates="mentioned").prepare(pairs)
    assert batch.candidates[[0, 1, 3]].tolist() == [
        [True, True, False, False],
        [False, False, True, False],
        [False, True, True, False],
    ]


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("", "where", "it has no token"),
        ("garden", "", "its second text has no token"),
        ("garden " * 7, "where", "it has 7 tokens, more than max_tokens = 6"),
        ("garden", "is " * 8, "its second text has 8 tokens, more than max_tokens = 6"),
        ("ann went", "the garden", "none of the classes is a word of it, so none may be the"),
    ],
)
def test_a_document_that_cannot_be_used_is_skipped_with_its_reason(
    first, second, reason, make_pair_model
):
    model = make_pair_model(candidates="mentioned", max_tokens=6)
    good = Document(id="good", text="garden", text2="where")
    batch = model.prepare([Document(id="bad", text=first, text2=second), good])
    assert batch.documents == ("good",)
    (skipped,) = batch.skipped
    assert skipped.document == "bad"
    assert skipped.reason.startswith(reason)


def test_a_document_without_a_second_text_is_refused_by_name(make_pair_model):
    with pytest.raises(DataError, match=r"'d7' has no second text.*as text2"):
        make_pair_model().prepare([Document(id="d7", text="the garden")])


def test_no_usable_document_makes_an_empty_batch(make_pair_model):
    model = make_pair_model()
    batch = model.prepare([Document(id="a", text="", text2="where")])
    assert batch.candidates.shape == (0, 4)
    with pytest.raises(InvalidArgumentError, match="holds no document"):
        model.attend(batch, sites=["attention"])


def test_a_batch_of_single_texts_is_refused(make_model, documents):
    single = make_model().prepare(documents)
    with pytest.raises(InvalidArgumentError, match="needs a PairBatch, and this is a Batch"):
        checked_pairs(single)


def test_a_pair_batch_is_passed_on_as_it_is(make_pair_model, pairs):
    batch = make_pair_model().prepare(pairs)
    assert checked_pairs(batch) is batch
    assert torch.equal(batch.lengths, batch.mask.sum(dim=1))
