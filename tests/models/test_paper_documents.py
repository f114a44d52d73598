import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attnaudit.errors import DataError, InvalidArgumentError
from attnaudit.records import Document

SITES = ("attention",)
KINDS = [
    (encoder, attention, kind)
    for encoder in ("bilstm", "cnn", "average")
    for attention, kind in (("additive", "binary"), ("dot", "softmax"))
]


@pytest.fixture(params=KINDS, ids="-".join)
def model(request, make_model):
    encoder, attention, kind = request.param
    classes = ("negative", "positive") if kind == "binary" else ("art", "news", "sport")
    return make_model(encoder=encoder, attention=attention, kind=kind, classes=classes)


def test_without_equals_preparing_the_shorter_documents(model, documents):
    batch = model.prepare(documents)
    deletions = [
        (row, token)
        for row, words in enumerate(batch.tokens)
        if len(words) > 1
        for token in range(len(words))
    ]
    deleted = model.without(batch, deletions)
    shorter = [
        Document(id=batch.documents[row], tokens=tokens[:token] + tokens[token + 1 :])
        for row, token in deletions
        for tokens in [batch.tokens[row]]
    ]
    expected = model.prepare(shorter)
    assert deleted.documents == expected.documents
    assert deleted.tokens == expected.tokens
    assert torch.equal(deleted.mask, expected.mask)
    assert torch.equal(deleted.token_ids, expected.token_ids)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_deleting_twice_in_either_order_gives_the_same_words(data, make_model):
    model = make_model(encoder="average")
    words = data.draw(st.lists(st.sampled_from(["the", "film", "zzz"]), min_size=3, max_size=8))
    first = data.draw(st.integers(0, len(words) - 2))
    second = data.draw(st.integers(first + 1, len(words) - 1))
    batch = model.prepare([Document(id="d", tokens=tuple(words))])
    one = model.without(model.without(batch, [(0, first)]), [(0, second - 1)])
    other = model.without(model.without(batch, [(0, second)]), [(0, first)])
    assert one.tokens == other.tokens
    assert torch.equal(one.token_ids, other.token_ids)


@pytest.mark.parametrize(
    ("deletion", "message"),
    [((1, 0), "single token"), ((9, 0), "no row 9"), ((0, 4), "no token 4"), ((-1, 0), "no row")],
)
def test_an_impossible_deletion_is_refused_by_name(deletion, message, make_model, documents):
    model = make_model()
    with pytest.raises(InvalidArgumentError, match=message):
        model.without(model.prepare(documents), [deletion])


def test_tokens_win_over_text_and_keep_their_spelling(make_model):
    model = make_model()
    batch = model.prepare([Document(id="d", text="dull", tokens=("The", "FILM"))])
    assert batch.tokens == (("The", "FILM"),)
    assert batch.token_ids.tolist() == [model.vocabulary.encode(["the", "film"])]


def test_text_is_split_by_the_models_own_tokenizer(make_model):
    model = make_model()
    batch = model.prepare([Document(id="d", text="the film  was\ngreat")])
    assert batch.tokens == (("the", "film", "was", "great"),)


def test_unusable_documents_are_left_out_by_name(make_model):
    model = make_model(max_tokens=3)
    batch = model.prepare(
        [
            Document(id="empty", tokens=()),
            Document(id="blank", text=" \n "),
            Document(id="nothing"),
            Document(id="fits", tokens=("the",) * 3),
            Document(id="long", tokens=("the",) * 4),
        ]
    )
    assert batch.documents == ("fits",)
    reasons = {each.document: each.reason for each in batch.skipped}
    assert reasons.keys() == {"empty", "blank", "nothing", "long"}
    assert reasons["empty"] == "it has no token"
    assert reasons["long"] == "it has 4 tokens, more than max_tokens = 3"


def test_a_document_of_fifty_thousand_tokens_is_skipped_and_not_an_error(make_model):
    batch = make_model().prepare([Document(id="d", tokens=("film",) * 50_000)])
    assert batch.documents == ()
    assert [each.document for each in batch.skipped] == ["d"]


def test_a_batch_without_documents_is_refused(make_model):
    model = make_model()
    batch = model.prepare([])
    with pytest.raises(InvalidArgumentError, match="no document"):
        model.attend(batch, sites=SITES)
    with pytest.raises(InvalidArgumentError, match="no document"):
        model.predict_embedded(batch, model.embed(batch), attention_frozen=True)


def test_a_second_text_is_refused_rather_than_dropped(make_model):
    with pytest.raises(DataError, match="'d' has a second text"):
        make_model().prepare([Document(id="d", text="a film", text2="a plot")])
