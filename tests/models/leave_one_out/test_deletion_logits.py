import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from attnaudit.models import AttentionClassifier, Configuration
from attnaudit.models.leave_one_out import deletion_logits
from attnaudit.records import Document

ENCODERS = ("bilstm", "cnn", "average")
ATTENTIONS = ("additive", "dot")


def naive(network, token_ids, mask, row, token):
    """Logits of one document that never had the word, read by itself."""
    words = token_ids[row][mask[row]]
    shorter = torch.cat([words[:token], words[token + 1 :]]).unsqueeze(0)
    return network(shorter, torch.ones_like(shorter, dtype=torch.bool))[0]


def check_all_deletions(network, token_ids, mask):
    """Compare every deletion that leaves a word, and count them."""
    found = deletion_logits(network, token_ids, mask)
    compared = 0
    for row, length in enumerate(mask.sum(dim=1).tolist()):
        for token in range(length if length > 1 else 0):
            expected = naive(network, token_ids, mask, row, token)
            torch.testing.assert_close(found[row, token], expected, atol=1e-10, rtol=0)
            compared += 1
    return compared


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("attention", ATTENTIONS)
@pytest.mark.parametrize("classes", [("no", "yes"), ("a", "b", "c")])
def test_the_short_way_gives_what_encoding_the_shorter_document_gives(
    make_model, documents, encoder, attention, classes
):
    kind = "binary" if len(classes) == 2 else "softmax"
    model = make_model(encoder=encoder, attention=attention, classes=classes, kind=kind)
    batch = model.prepare(documents)
    assert check_all_deletions(model.network, batch.token_ids, batch.mask) == 21


@settings(max_examples=40, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 12), min_size=1, max_size=4),
    encoder=st.sampled_from(ENCODERS),
    attention=st.sampled_from(ATTENTIONS),
    seed=st.integers(0, 1_000),
)
def test_documents_of_any_length_and_with_repeated_words_keep_the_equality(
    lengths, encoder, attention, seed
):
    configuration = Configuration(
        encoder=encoder,
        attention=attention,
        embedding_size=3,
        hidden_size=4,
        classes=("a", "b"),
        kind="binary",
        tokenizer="whitespace",
        vocabulary_size=8,
    )
    generator = torch.Generator().manual_seed(seed)
    network = AttentionClassifier(configuration).double().eval().requires_grad_(False)
    for parameter in network.parameters():
        parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64))
    mask = torch.arange(max(lengths)) < torch.tensor(lengths).unsqueeze(1)
    # Every number is a possible word, that of padding too, and padding may hold any number.
    token_ids = torch.randint(0, 8, mask.shape, generator=generator)
    compared = check_all_deletions(network, token_ids, mask)
    assert compared == sum(length for length in lengths if length > 1)


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("attention", ATTENTIONS)
@pytest.mark.parametrize("apart", [100.0, 2_000.0])
def test_scores_far_apart_lose_no_digits(make_model, documents, encoder, attention, apart):
    model = make_model(encoder=encoder, attention=attention)
    network = model.network
    batch = model.prepare(documents)
    hidden = network.encode(network.embedding(batch.token_ids), batch.mask)
    scores = network.attention.scores(hidden)[batch.mask]
    network.attention.vector.weight.mul_(apart / (scores.max() - scores.min()))
    assert check_all_deletions(network, batch.token_ids, batch.mask) == 21


@pytest.mark.parametrize("encoder", ENCODERS)
def test_neighbours_and_padding_change_nothing(make_model, documents, encoder):
    network, together = (model := make_model(encoder=encoder)).network, model.prepare(documents)
    found = deletion_logits(network, together.token_ids, together.mask)
    for row, document in enumerate(documents):
        alone = model.prepare([document])
        words = len(document.tokens)
        torch.testing.assert_close(
            found[row, :words],
            deletion_logits(network, alone.token_ids, alone.mask)[0],
            atol=1e-12,
            rtol=0,
            equal_nan=words == 1,
        )


@pytest.mark.parametrize(
    ("encoder", "constant"),
    [("bilstm", "recurrent.STATES_AT_ONCE"), ("cnn", "convolution.WORDS_AT_ONCE")],
)
def test_how_many_documents_are_worked_on_together_changes_nothing(
    make_model, documents, monkeypatch, encoder, constant
):
    model = make_model(encoder=encoder)
    batch = model.prepare(documents)
    defined = batch.mask & (batch.lengths > 1).unsqueeze(1)
    together = deletion_logits(model.network, batch.token_ids, batch.mask)
    monkeypatch.setattr(f"attnaudit.models.leave_one_out.{constant}", 1)
    alone = deletion_logits(model.network, batch.token_ids, batch.mask)
    torch.testing.assert_close(alone[defined], together[defined], atol=1e-12, rtol=0)


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("attention", ATTENTIONS)
def test_the_model_gives_the_probabilities_of_the_batches_it_makes_without_each_word(
    make_model, documents, encoder, attention
):
    model = make_model(encoder=encoder, attention=attention)
    batch = model.prepare(documents)
    deletions = [
        (row, token)
        for row, document in enumerate(documents)
        for token in range(len(document.tokens))
        if len(document.tokens) > 1
    ]
    [shortened] = model.attend(model.without(batch, deletions), sites=["attention"])
    found = model.leave_one_out(batch)
    rows, tokens = torch.tensor(deletions).T
    torch.testing.assert_close(found[rows, tokens], shortened.probabilities, atol=1e-10, rtol=0)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_single_precision_is_as_near_as_single_precision_can_be(make_model, documents, encoder):
    exact, rough = make_model(encoder=encoder), make_model(encoder=encoder, dtype=torch.float32)
    batch = exact.prepare(documents)
    defined = batch.mask & (batch.lengths > 1).unsqueeze(1)
    found = deletion_logits(rough.network, batch.token_ids, batch.mask)
    assert found.dtype == torch.float32
    expected = deletion_logits(exact.network, batch.token_ids, batch.mask).float()
    torch.testing.assert_close(found[defined], expected[defined], atol=1e-5, rtol=0)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_nothing_is_differentiated_on_the_way(make_model, documents, encoder):
    model = make_model(encoder=encoder)
    model.network.requires_grad_(True)
    batch = model.prepare(documents)
    assert not deletion_logits(model.network, batch.token_ids, batch.mask).requires_grad


@pytest.mark.parametrize("encoder", ENCODERS)
def test_the_weights_are_left_as_they_are(make_model, documents, encoder):
    model = make_model(encoder=encoder)
    before = model.digest
    model.leave_one_out(model.prepare(documents))
    assert model.digest == before


@pytest.mark.parametrize(("encoder", "part"), [("cnn", "encoder"), ("bilstm", "attention")])
def test_an_encoder_or_an_attention_of_another_kind_has_no_short_way(
    make_model, documents, encoder, part
):
    model = make_model(encoder=encoder)
    setattr(model.network, part, nn.Identity())
    assert model.leave_one_out(model.prepare(documents)) is None


@pytest.mark.parametrize("encoder", ENCODERS)
def test_every_deletion_has_logits_of_its_own(make_model, encoder):
    model = make_model(encoder=encoder)
    batch = model.prepare([Document(id="d", tokens=("the", "film", "was", "dull"))])
    found = deletion_logits(model.network, batch.token_ids, batch.mask)
    assert len(found.unique()) == 4
