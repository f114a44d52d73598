from dataclasses import replace

import pytest
import torch

from attnaudit.errors import InvalidArgumentError
from attnaudit.measurements.importance import (
    gradient_importance,
    integrated_gradients,
    leave_one_out_importance,
)
from attnaudit.models.transformers.embeddings import piece_embeddings, word_embeddings
from attnaudit.models.transformers.loading import load_transformer
from attnaudit.models.transformers.network import Network


def test_a_words_embedding_is_that_of_its_pieces_side_by_side(load, texts):
    model = load("bert")
    batch = model.prepare(texts)
    pieces = model.network.embedding(batch.piece_ids).detach()
    words = model.embed(batch)
    most = int(batch.place_in_word.max()) + 1
    assert words.shape == (*batch.mask.shape, most * pieces.shape[2])
    for row, word_of in enumerate(batch.word_of.tolist()):
        for word in range(int(batch.lengths[row])):
            own = [pieces[row, place] for place, of in enumerate(word_of) if of == word]
            filled = own + [torch.zeros_like(own[0])] * (most - len(own))
            assert words[row, word].tolist() == torch.cat(filled).tolist()


def test_embeddings_of_words_go_back_to_where_they_came_from(load, texts):
    model = load("bert")
    batch = model.prepare(texts)
    pieces = model.network.embedding(batch.piece_ids).detach()
    again = piece_embeddings(word_embeddings(pieces, batch), torch.zeros_like(pieces), batch)
    special = (batch.word_of < 0).unsqueeze(2)
    assert again.tolist() == pieces.masked_fill(special, 0).tolist()
    with pytest.raises(
        InvalidArgumentError, match=r"have the shape \(4, 6, \d+\); got \(4, 6, 3\)"
    ):
        piece_embeddings(torch.zeros(4, 6, 3), pieces, batch)


@pytest.mark.parametrize("family", ["bert", "albert", "deberta", "gpt2", "llama", "roberta"])
@pytest.mark.parametrize("frozen", [True, False], ids=["frozen", "whole"])
def test_the_same_embeddings_give_the_same_output(family, frozen, load, texts):
    model = load(family)
    batch = model.prepare(texts)
    [attended] = model.attend(batch, sites=["layer.last"])
    found = model.predict_embedded(batch, model.embed(batch), attention_frozen=frozen)
    torch.testing.assert_close(found, attended.probabilities)


def test_the_gradient_of_a_word_is_the_slope_along_all_its_pieces(load, texts):
    model = load("distilbert")
    batch = model.prepare(texts[2:3])
    found = gradient_importance(model, batch)[0]
    own = model.embed(batch)
    whole = model.predict_embedded(batch, own, attention_frozen=False)
    predicted = int(whole[0].argmax())
    # Frozen attention has no derivative by small steps, so the oracle is backward mode by hand.
    given = own.clone().requires_grad_(True)
    output = model.predict_embedded(batch, given, attention_frozen=True)[0, predicted]
    [slope] = torch.autograd.grad(output, given)
    assert found.tolist() == pytest.approx((slope * own).sum(dim=2).abs()[0].tolist())
    [through] = torch.autograd.grad(
        model.predict_embedded(batch, given, attention_frozen=False)[0, predicted], given
    )
    step = torch.zeros_like(own)
    step[0, 4] = 1e-6 * own[0, 4]
    up, down = (
        model.predict_embedded(batch, own + sign * step, attention_frozen=False)[0, predicted]
        for sign in (1, -1)
    )
    assert (through * own).sum(dim=2)[0, 4].item() == pytest.approx(
        (up - down).item() / 2e-6, abs=1e-7
    )
    assert not torch.allclose(through, slope)


def test_integrated_gradients_add_up_to_what_the_words_change(load, texts):
    model = load("bert", intermediate_size=20)
    batch = model.prepare(texts[:2])
    own = model.embed(batch)
    with torch.no_grad():
        whole, nothing = (
            model.predict_embedded(batch, given, attention_frozen=False)
            for given in (own, torch.zeros_like(own))
        )
    predicted = whole.argmax(dim=1, keepdim=True)
    change = (whole - nothing).gather(1, predicted).squeeze(1)
    found = integrated_gradients(model, batch, steps=80).sum(dim=(0, 2))
    assert found.tolist() == pytest.approx(change.tolist(), abs=2e-3)


def test_leaving_a_word_out_is_what_without_says(load, texts):
    model = load("electra")
    batch = model.prepare(texts)
    [attended] = model.attend(batch, sites=["layer.last"])
    found = leave_one_out_importance(model, batch, attended.probabilities)
    for row in range(len(texts)):
        for word in range(int(batch.lengths[row])):
            if batch.lengths[row] == 1:
                assert found[row, word].item() == 0
                continue
            [shortened] = model.attend(model.without(batch, [(row, word)]), sites=["layers"])
            change = (shortened.probabilities[0] - attended.probabilities[row]).abs().sum() / 2
            assert found[row, word].item() == pytest.approx(change.item(), abs=1e-9)


def test_what_else_a_network_looks_up_among_its_embeddings_stays(make_directory, texts):
    # With segments, this decoder adds the vector of piece 0 or 1 to each of its inputs.
    segmented = {"model_input_names": ["input_ids", "token_type_ids", "attention_mask"]}
    path = make_directory("gpt2", tokenizer=segmented)
    model = load_transformer(path)
    network = Network(model.network.module, segmented=True)
    model = replace(model, network=network)
    batch = model.prepare(texts)
    [attended] = model.attend(batch, sites=["layer.last"])
    found = model.predict_embedded(batch, model.embed(batch), attention_frozen=True)
    torch.testing.assert_close(found, attended.probabilities)
