import pytest
import torch

from attnaudit.models import AttentionClassifier

ENCODERS = ["bilstm", "cnn", "average"]


@pytest.mark.parametrize("encoder", ENCODERS)
def test_words_are_encoded_between_a_start_and_an_end_mark(encoder, make_model, documents):
    network = make_model(encoder=encoder).network
    batch = make_model(encoder=encoder).prepare(documents)
    embeddings = network.embedding(batch.token_ids)
    hidden = network.encode(embeddings, batch.mask)
    for row, words in enumerate(batch.tokens):
        ids = [2, *batch.token_ids[row, : len(words)].tolist(), 3]
        sequence = network.embedding(torch.tensor([ids]))
        whole = network.encoder(sequence, torch.ones(1, len(ids), dtype=torch.bool))
        torch.testing.assert_close(hidden[row, : len(words)], whole[0, 1:-1], rtol=0, atol=1e-13)


def test_the_marks_change_the_states_of_a_recurrent_encoder(make_model, documents):
    model = make_model(encoder="bilstm")
    batch = model.prepare(documents)
    before = model.network.encode(model.embed(batch), batch.mask)
    for mark in (2, 3):
        model.network.embedding.weight[mark] += 1.0
        after = model.network.encode(model.embed(batch), batch.mask)
        assert ((after - before).abs() > 1e-9).any(dim=2)[batch.mask].all()
        before = after


def test_the_marks_take_no_part_in_a_token_wise_classifier(make_model, documents):
    model = make_model(encoder="average")
    batch = model.prepare(documents)
    before = model.network(batch.token_ids, batch.mask)
    model.network.embedding.weight[2:4] += 10.0
    after = model.network(batch.token_ids, batch.mask)
    torch.testing.assert_close(after, before, rtol=0, atol=1e-14)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_every_parameter_but_the_padding_row_receives_a_gradient(encoder, make_model, documents):
    model = make_model(encoder=encoder)
    network = model.network.train().requires_grad_(True)
    batch = model.prepare(documents)
    network(batch.token_ids, batch.mask).sum().backward()
    untouched = [name for name, parameter in network.named_parameters() if not parameter.grad.any()]
    assert untouched == []
    assert not network.embedding.weight.grad[0].any()


def test_a_new_classifier_has_a_zero_padding_row(make_configuration):
    network = AttentionClassifier(make_configuration())
    assert not network.embedding.weight[0].any()
    assert network.embedding.weight[1:].any(dim=1).all()
