import pytest
import torch

from attnaudit.models.leave_one_out import deletion_logits
from attnaudit.records import Document


def logits_without(model, words):
    [attended] = model.attend(
        model.prepare([Document(id="shorter", tokens=words)]), sites=["attention"]
    )
    return attended.readout.logits(attended.rows)[0, 0]


@pytest.mark.parametrize("encoder", ["bilstm", "average"])
@pytest.mark.parametrize("attention", ["additive", "dot"])
@pytest.mark.parametrize("classes", [("no", "yes"), ("a", "b", "c")])
def test_the_short_way_gives_what_encoding_the_shorter_document_gives(
    make_model, documents, encoder, attention, classes
):
    kind = "binary" if len(classes) == 2 else "softmax"
    model = make_model(encoder=encoder, attention=attention, classes=classes, kind=kind)
    batch = model.prepare(documents)
    found = deletion_logits(model.network, batch.token_ids, batch.mask)
    compared = 0
    for row, document in enumerate(documents):
        words = document.tokens
        for token in range(len(words) if len(words) > 1 else 0):
            expected = logits_without(model, words[:token] + words[token + 1 :])
            torch.testing.assert_close(found[row, token], expected, atol=1e-10, rtol=0)
            compared += 1
    assert compared == 21


@pytest.mark.parametrize("encoder", ["bilstm", "average"])
def test_attention_that_saturates_loses_nothing(make_model, documents, encoder):
    model = make_model(encoder=encoder)
    model.network.attention.vector.weight.mul_(1e4)
    batch = model.prepare(documents[:1])
    words = documents[0].tokens
    found = deletion_logits(model.network, batch.token_ids, batch.mask)
    for token in range(len(words)):
        expected = logits_without(model, words[:token] + words[token + 1 :])
        torch.testing.assert_close(found[0, token], expected, atol=1e-8, rtol=1e-8)


@pytest.mark.parametrize("encoder", ["bilstm", "average"])
def test_neighbours_and_padding_change_nothing(make_model, documents, encoder):
    model = make_model(encoder=encoder)
    together, alone = model.prepare(documents), model.prepare(documents[:1])
    words = len(documents[0].tokens)
    torch.testing.assert_close(
        deletion_logits(model.network, together.token_ids, together.mask)[0, :words],
        deletion_logits(model.network, alone.token_ids, alone.mask)[0],
        atol=1e-12,
        rtol=0,
    )


def test_a_cnn_has_no_short_way_yet_and_says_so(make_model, documents):
    model = make_model(encoder="cnn")
    assert model.leave_one_out(model.prepare(documents)) is None


@pytest.mark.parametrize("encoder", ["bilstm", "cnn", "average"])
def test_nothing_is_differentiated_on_the_way(make_model, documents, encoder):
    model = make_model(encoder=encoder)
    found = model.leave_one_out(model.prepare(documents))
    assert found is None or not found.requires_grad
