import pytest
import torch

from attnaudit.measurements.importance import leave_one_out_importance, one_out
from attnaudit.models import PaperModel
from attnaudit.records import Document

ENCODERS = ("bilstm", "cnn", "average")


class KnowsNoShortWay(PaperModel):
    """The same model, every shortened document of which has to be read."""

    def leave_one_out(self, _):
        return None


@pytest.fixture
def make_unshared(make_model):
    def make(**parts):
        model = make_model(**parts)
        return KnowsNoShortWay(model.network, model.configuration, model.vocabulary)

    return make


@pytest.mark.parametrize("maker", ["make_model", "make_unshared"])
@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("classes", [("no", "yes"), ("a", "b", "c")])
def test_leave_one_out_is_half_the_l1_change_when_the_word_was_never_there(
    request, documents, maker, encoder, classes
):
    kind = "binary" if len(classes) == 2 else "softmax"
    make = request.getfixturevalue(maker)
    model = make(encoder=encoder, classes=classes, kind=kind)
    batch = model.prepare(documents)
    [attended] = model.attend(batch, sites=["attention"])
    found = leave_one_out_importance(model, batch, attended.probabilities)
    for row, document in enumerate(documents):
        words = document.tokens
        for token in range(len(words)):
            if len(words) == 1:
                assert found[row, token] == 0.0
                continue
            shorter = Document(id="shorter", tokens=words[:token] + words[token + 1 :])
            [without] = model.attend(model.prepare([shorter]), sites=["attention"])
            change = (without.probabilities[0] - attended.probabilities[row]).abs().sum() / 2
            torch.testing.assert_close(found[row, token], change, atol=1e-12, rtol=0)


@pytest.mark.parametrize(("tokens", "passes"), [(1, 21), (20, 7), (10**6, 1)])
def test_leave_one_out_does_not_depend_on_how_deletions_are_packed(
    make_unshared, documents, monkeypatch, tokens, passes
):
    model = make_unshared()
    batch = model.prepare(documents)
    [attended] = model.attend(batch, sites=["attention"])
    packed = leave_one_out_importance(model, batch, attended.probabilities)
    monkeypatch.setattr(one_out, "TOKENS_PER_FORWARD", tokens)
    read = []
    attend = model.attend
    monkeypatch.setattr(
        model, "attend", lambda *args, **keys: read.append(1) or attend(*args, **keys)
    )
    otherwise = leave_one_out_importance(model, batch, attended.probabilities)
    torch.testing.assert_close(packed, otherwise, atol=1e-12, rtol=0)
    # One pass for each word of the documents of several, or one for all of them. Of 20 tokens:
    # 2 x 2 and 4 x 3, then 2 x 3 and 3 x 4, then 4 and 9, then 9 and 9 four times, all padded.
    assert len(read) == passes


def test_neither_padding_nor_the_only_word_has_importance(make_model, documents):
    model = make_model()
    batch = model.prepare(documents)
    [attended] = model.attend(batch, sites=["attention"])
    found = leave_one_out_importance(model, batch, attended.probabilities)
    alone = batch.lengths == 1
    assert alone.any()
    assert found[~batch.mask].eq(0).all()
    assert found[alone].eq(0).all()
    assert found[batch.mask & ~alone.unsqueeze(1)].gt(0).any()
