import torch

from attnaudit.models.leave_one_out.distinct import distinct_framed_words, distinct_words


def test_rows_of_the_table_are_the_framed_embeddings_and_zero_at_padding(make_model, documents):
    network = (model := make_model()).network
    batch = model.prepare(documents)
    rows, embeddings = distinct_framed_words(network, batch.token_ids, batch.mask)
    framed, inside = network.frame(network.embedding(batch.token_ids), batch.mask)
    assert torch.equal(embeddings[rows], framed.masked_fill(~inside.unsqueeze(2), 0.0))
    assert torch.equal(rows > 0, inside)


def test_a_word_that_comes_often_has_one_row(make_model, documents):
    network = (model := make_model()).network
    batch = model.prepare(documents)
    rows, embeddings = distinct_words(network, batch.token_ids, batch.mask)
    assert len(embeddings) == 1 + len(batch.token_ids[batch.mask].unique())
    assert torch.equal(embeddings[rows][batch.mask], network.embedding(batch.token_ids)[batch.mask])


def test_the_padding_mark_as_a_word_is_not_taken_for_padding(make_model):
    network = make_model().network
    network.embedding.weight[0] = 7.0
    mask = torch.tensor([[True, True, False]])
    rows, embeddings = distinct_words(network, torch.tensor([[0, 5, 0]]), mask)
    assert embeddings[rows[0, 0]].eq(7.0).all()
    assert embeddings[rows[0, 2]].eq(0.0).all()
    assert network.embedding.weight[0].eq(7.0).all()
