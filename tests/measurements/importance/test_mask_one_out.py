import pytest
import torch

from attnaudit.errors import UsageError
from attnaudit.measurements.importance import mask_one_out_importance, one_out


def importance(model, documents):
    batch = model.prepare(documents)
    [attended] = model.attend(batch, sites=["attention"])
    return mask_one_out_importance(model, batch, attended.probabilities)


def by_hand(model, words, token):
    """The output with the vector of padding in place of a word's, one word at a time."""
    embeddings = model.network.embedding(torch.tensor([model.vocabulary.encode(words)]))
    whole, masked = embeddings, embeddings.clone()
    masked[0, token] = model.network.embedding.weight[0]
    mask = torch.ones(1, len(words), dtype=torch.bool)
    outputs = []
    for one in (whole, masked):
        hidden = model.network.encode(one, mask)
        [logits] = model.network.decode(hidden, model.network.attention(hidden, mask))
        outputs.append(logits.softmax(dim=0) if len(logits) > 1 else torch.sigmoid(logits))
    change = (outputs[0] - outputs[1]).abs().sum()
    return change / 2 if len(outputs[0]) > 1 else change


@pytest.mark.parametrize("encoder", ["bilstm", "cnn", "average"])
@pytest.mark.parametrize("classes", [("no", "yes"), ("a", "b", "c")])
def test_it_is_half_the_l1_change_when_the_mask_token_takes_the_place_of_a_word(
    make_masking, documents, encoder, classes
):
    kind = "binary" if len(classes) == 2 else "softmax"
    model = make_masking(encoder=encoder, classes=classes, kind=kind)
    found = importance(model, documents)
    for row, document in enumerate(documents):
        for token in range(len(document.tokens)):
            expected = by_hand(model, document.tokens, token)
            torch.testing.assert_close(found[row, token], expected, atol=1e-12, rtol=0)
        assert found[row, len(document.tokens) :].eq(0).all()


def test_an_only_word_can_be_masked_though_it_cannot_be_deleted(make_masking, documents):
    [alone] = [row for row, one in enumerate(documents) if len(one.tokens) == 1]
    assert importance(make_masking(), documents)[alone, 0] > 1e-3


def test_a_word_that_reads_like_the_mask_token_has_no_importance(make_masking, documents):
    model = make_masking()
    with torch.no_grad():
        model.network.embedding.weight[model.vocabulary.encode(("film",))] = 0.0
    found = importance(model, documents)
    for row, document in enumerate(documents):
        for token, word in enumerate(document.tokens):
            assert (found[row, token] == 0) == (word == "film")


@pytest.mark.parametrize(("tokens", "passes"), [(1, 22), (20, 8), (10**6, 1)])
def test_it_does_not_depend_on_how_words_are_packed(
    make_masking, documents, monkeypatch, tokens, passes
):
    model = make_masking()
    expected = importance(model, documents)
    batch = model.prepare(documents)
    [attended] = model.attend(batch, sites=["attention"])
    monkeypatch.setattr(one_out, "TOKENS_PER_FORWARD", tokens)
    read, attend = [], model.attend
    monkeypatch.setattr(
        model, "attend", lambda *args, **keys: read.append(1) or attend(*args, **keys)
    )
    found = mask_one_out_importance(model, batch, attended.probabilities)
    torch.testing.assert_close(found, expected, atol=1e-12, rtol=0)
    # Of 20 tokens: 1, 2 x 2 and 3 x 3, then 3 x 3 and 2 x 4, then 2 x 4, then 9 words two by two.
    assert len(read) == passes


def test_a_model_that_masks_no_words_is_told_to_delete_them(make_model, documents):
    with pytest.raises(UsageError, match=r"PaperModel has no `masked` .* importance leave-one-out"):
        importance(make_model(), documents)
