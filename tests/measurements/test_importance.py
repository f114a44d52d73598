import pytest
import torch

from attnaudit.measurements import importance
from attnaudit.measurements.importance import gradient_importance, leave_one_out_importance
from attnaudit.records import Document

ENCODERS = ("bilstm", "cnn", "average")


def frozen_output(model, batch, embeddings, attention, *, predicted):
    """The output with attention held at the given weights, whatever the embeddings."""
    network = model.network
    hidden = network.encode(embeddings, batch.mask)
    logits = network.decode(hidden, attention)
    if model.outputs.kind == "binary":
        return torch.sigmoid(logits[:, 0])
    return torch.softmax(logits, dim=1).gather(1, predicted[:, None])[:, 0]


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("classes", [("no", "yes"), ("a", "b", "c")])
def test_gradient_importance_is_the_slope_along_the_embedding_with_attention_held_fixed(
    make_model, documents, encoder, classes
):
    kind = "binary" if len(classes) == 2 else "softmax"
    model = make_model(encoder=encoder, classes=classes, kind=kind)
    batch = model.prepare(documents)
    [attended] = model.attend(batch, sites=["attention"])
    predicted = attended.probabilities.argmax(dim=1)
    embeddings = model.embed(batch)
    expected = torch.zeros_like(embeddings[:, :, 0])
    step = 1e-6
    for token in range(embeddings.shape[1]):
        outputs = []
        for sign in (1, -1):
            moved = embeddings.clone()
            moved[:, token] *= 1 + sign * step
            outputs.append(
                frozen_output(model, batch, moved, attended.attention, predicted=predicted)
            )
        expected[:, token] = (outputs[0] - outputs[1]).abs() / (2 * step)
    expected[~batch.mask] = 0.0
    torch.testing.assert_close(gradient_importance(model, batch), expected, atol=1e-9, rtol=1e-5)


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("classes", [("no", "yes"), ("a", "b", "c")])
def test_leave_one_out_is_half_the_l1_change_when_the_word_was_never_there(
    make_model, documents, encoder, classes
):
    kind = "binary" if len(classes) == 2 else "softmax"
    model = make_model(encoder=encoder, classes=classes, kind=kind)
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


def test_leave_one_out_does_not_depend_on_how_deletions_are_packed(
    make_model, documents, monkeypatch
):
    model = make_model(encoder="cnn")
    batch = model.prepare(documents)
    [attended] = model.attend(batch, sites=["attention"])
    packed = leave_one_out_importance(model, batch, attended.probabilities)
    monkeypatch.setattr(importance, "TOKENS_PER_FORWARD", 1)
    alone = leave_one_out_importance(model, batch, attended.probabilities)
    torch.testing.assert_close(packed, alone, atol=1e-12, rtol=0)


def test_importance_of_a_document_does_not_depend_on_its_neighbours(make_model, documents):
    model = make_model()
    together = model.prepare(documents)
    alone = model.prepare(documents[:1])
    words = len(documents[0].tokens)
    torch.testing.assert_close(
        gradient_importance(model, together)[:1, :words],
        gradient_importance(model, alone),
        atol=1e-12,
        rtol=0,
    )


def test_padding_has_no_importance(make_model, documents):
    model = make_model()
    batch = model.prepare(documents)
    [attended] = model.attend(batch, sites=["attention"])
    assert gradient_importance(model, batch)[~batch.mask].eq(0).all()
    assert leave_one_out_importance(model, batch, attended.probabilities)[~batch.mask].eq(0).all()
