import pytest
import torch

from attnaudit.data.vocabulary import SPECIALS, Vocabulary
from attnaudit.errors import ModelError, UsageError
from attnaudit.models import AttentionModel, PaperModel

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


def assert_same_rows(one, other, rows_of_one, rows_of_other):
    for mine, theirs in zip(rows_of_one, rows_of_other, strict=True):
        words = len(one.tokens[mine])
        assert one.tokens[mine] == other.tokens[theirs]
        torch.testing.assert_close(
            one.attention[mine, :words], other.attention[theirs, :words], rtol=0, atol=1e-12
        )
        torch.testing.assert_close(
            one.probabilities[mine], other.probabilities[theirs], rtol=0, atol=1e-12
        )


def test_the_adapter_is_an_attention_model(model):
    assert isinstance(model, AttentionModel)


def test_a_document_gives_the_same_alone_and_in_any_batch(model, documents):
    (together,) = model.attend(model.prepare(documents), sites=SITES)
    for row, document in enumerate(documents):
        (alone,) = model.attend(model.prepare([document]), sites=SITES)
        assert_same_rows(alone, together, [0], [row])


def test_the_order_of_documents_only_orders_the_results(model, documents):
    (forward,) = model.attend(model.prepare(documents), sites=SITES)
    (backward,) = model.attend(model.prepare(documents[::-1]), sites=SITES)
    count = len(documents)
    assert_same_rows(forward, backward, range(count), range(count)[::-1])


def test_what_stands_in_the_padding_of_the_embeddings_changes_nothing(model, documents):
    batch = model.prepare(documents)
    embeddings = model.embed(batch)
    spoiled = embeddings.masked_fill(~batch.mask.unsqueeze(2), 1e6)
    for frozen in (False, True):
        expected = model.predict_embedded(batch, embeddings, attention_frozen=frozen)
        found = model.predict_embedded(batch, spoiled, attention_frozen=frozen)
        torch.testing.assert_close(found, expected, rtol=0, atol=1e-14)


def test_attention_is_a_distribution_over_the_words_alone(model, documents):
    (attended,) = model.attend(model.prepare(documents), sites=SITES)
    assert attended.attention.shape == attended.mask.shape
    assert (attended.attention[~attended.mask] == 0).all()
    assert (attended.attention[attended.mask] > 0).all()
    ones = torch.ones(len(documents), dtype=torch.float64)
    torch.testing.assert_close(attended.attention.sum(dim=1), ones, rtol=0, atol=1e-14)
    assert attended.attention[2].max() > 1.05 * attended.attention[2][attended.mask[2]].min()


def test_the_readout_at_the_own_attention_reproduces_the_model(model, documents):
    (attended,) = model.attend(model.prepare(documents), sites=SITES)
    own = attended.rows.unsqueeze(1)
    found = attended.readout.replace(own).squeeze(1)
    torch.testing.assert_close(found, attended.probabilities, rtol=0, atol=1e-14)
    spread = attended.probabilities.max(dim=0).values - attended.probabilities.min(dim=0).values
    assert (spread > 0.01).all()


def test_the_readout_at_another_attention_equals_decoding_with_it(model, documents):
    batch = model.prepare(documents)
    (attended,) = model.attend(batch, sites=SITES)
    uniform = batch.mask / batch.lengths.unsqueeze(1)
    hidden = model.network.encode(model.embed(batch), batch.mask)
    expected = model.network.decode(hidden, uniform.double())
    found = attended.readout.logits(uniform.double().unsqueeze(1)).squeeze(1)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-13)


def test_predicting_from_the_embeddings_equals_attending(model, documents):
    batch = model.prepare(documents)
    (attended,) = model.attend(batch, sites=SITES)
    for frozen in (False, True):
        found = model.predict_embedded(batch, model.embed(batch), attention_frozen=frozen)
        torch.testing.assert_close(found, attended.probabilities, rtol=0, atol=1e-14)


def test_gradients_reach_every_word_and_differ_when_attention_is_frozen(model, documents):
    batch = model.prepare(documents[2:3])
    gradients = []
    for frozen in (False, True):
        embeddings = model.embed(batch).requires_grad_(True)
        model.predict_embedded(batch, embeddings, attention_frozen=frozen)[:, 0].sum().backward()
        gradients.append(embeddings.grad)
        assert embeddings.grad.any(dim=2).all()
    assert not torch.allclose(*gradients, rtol=0, atol=1e-6)


def test_the_gradient_equals_differences_of_the_probability(model, documents):
    batch = model.prepare(documents[:1])
    embeddings = model.embed(batch)
    assert torch.autograd.gradcheck(
        lambda moved: model.predict_embedded(batch, moved, attention_frozen=False),
        (embeddings.requires_grad_(True),),
    )


def test_the_frozen_gradient_equals_differences_at_fixed_attention(model, documents):
    batch = model.prepare(documents[:1])
    (attended,) = model.attend(batch, sites=SITES)
    embeddings = model.embed(batch).requires_grad_(True)
    model.predict_embedded(batch, embeddings, attention_frozen=True)[0, 0].backward()
    step = 1e-6
    for token, dimension in ((0, 0), (2, 3), (3, 5)):
        ends = []
        for sign in (1, -1):
            moved = model.embed(batch)
            moved[0, token, dimension] += sign * step
            hidden = model.network.encode(moved, batch.mask)
            logits = model.network.decode(hidden, attended.attention)
            binary = logits.shape[1] == 1
            ends.append(torch.sigmoid(-logits) if binary else torch.softmax(logits, dim=1))
        difference = (ends[0] - ends[1])[0, 0] / (2 * step)
        assert embeddings.grad[0, token, dimension].item() == pytest.approx(
            difference.item(), rel=1e-5, abs=1e-9
        )


def test_attending_leaves_no_graph_behind(make_model, documents):
    model = make_model()
    model.network.requires_grad_(True)
    (attended,) = model.attend(model.prepare(documents), sites=SITES)
    for tensor in (attended.attention, attended.readout.scores, attended.readout.bias):
        assert not tensor.requires_grad
    assert not model.embed(model.prepare(documents)).requires_grad


def test_an_unknown_site_is_refused_by_name(make_model, documents):
    model = make_model()
    with pytest.raises(UsageError, match=r"no attention site 'layer\.5'"):
        model.attend(model.prepare(documents), sites=["layer.5"])


def test_a_binary_model_equals_a_two_class_softmax_of_the_same_logit(make_model, documents):
    binary = make_model(kind="binary")
    softmax = make_model(kind="softmax")
    state = binary.network.state_dict()
    zeros = torch.zeros_like(state["head.weight"])
    state["head.weight"] = torch.cat([zeros, state["head.weight"]])
    state["head.bias"] = torch.cat([torch.zeros(1, dtype=torch.float64), state["head.bias"]])
    softmax.network.load_state_dict(state)
    batch = binary.prepare(documents)
    (one,) = binary.attend(batch, sites=SITES)
    (other,) = softmax.attend(batch, sites=SITES)
    torch.testing.assert_close(one.probabilities, other.probabilities, rtol=0, atol=1e-14)
    torch.testing.assert_close(one.attention, other.attention, rtol=0, atol=1e-15)


def test_the_second_class_is_the_one_the_sigmoid_speaks_of(make_model, documents):
    model = make_model(kind="binary")
    batch = model.prepare(documents)
    logits = model.network(batch.token_ids, batch.mask)
    (attended,) = model.attend(batch, sites=SITES)
    assert model.outputs.classes[1] == "positive"
    torch.testing.assert_close(attended.probabilities[:, 1:], torch.sigmoid(logits))


def test_the_digest_tells_weights_configurations_and_vocabularies_apart(make_model):
    model = make_model()
    changed = make_model()
    changed.network.head.bias += 1e-9
    other_words = PaperModel(
        model.network,
        model.configuration,
        Vocabulary((*model.vocabulary.words[:-1], "another")),
    )
    other_limit = make_model(max_tokens=7)
    digests = {each.digest for each in (model, changed, other_words, other_limit)}
    assert len(digests) == 4
    assert make_model().digest == model.digest


def test_the_digest_survives_a_higher_precision(make_model):
    single = make_model(dtype=torch.float32)
    double = single.to(device=torch.device("cpu"), dtype=torch.float64)
    assert double.dtype == torch.float64
    assert single.dtype == torch.float32
    assert double.digest == single.digest


def test_single_precision_agrees_with_double_to_single_precision(make_model, documents):
    single = make_model(dtype=torch.float32)
    double = single.to(device=torch.device("cpu"), dtype=torch.float64)
    (rough,) = single.attend(single.prepare(documents), sites=SITES)
    (fine,) = double.attend(double.prepare(documents), sites=SITES)
    assert rough.attention.dtype == rough.readout.scores.dtype == torch.float32
    torch.testing.assert_close(rough.attention.double(), fine.attention, rtol=0, atol=1e-6)
    torch.testing.assert_close(rough.probabilities.double(), fine.probabilities, rtol=0, atol=1e-6)


def test_training_is_true_as_soon_as_one_part_trains(make_model):
    model = make_model()
    assert not model.training
    model.network.attention.vector.train()
    assert model.training


def test_a_vocabulary_of_another_size_is_refused(make_model):
    model = make_model()
    with pytest.raises(ModelError, match="vocabulary has 6 entries"):
        PaperModel(model.network, model.configuration, Vocabulary((*SPECIALS, "film", "plot")))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_a_gpu_agrees_with_the_cpu_and_differentiates_in_evaluation_mode(model, documents):
    remote = model.to(device=torch.device("cuda"), dtype=torch.float64)
    batch, remote_batch = model.prepare(documents), remote.prepare(documents)
    (here,) = model.attend(batch, sites=SITES)
    (there,) = remote.attend(remote_batch, sites=SITES)
    torch.testing.assert_close(there.attention.cpu(), here.attention, rtol=0, atol=1e-10)
    gradients = []
    for each, prepared in ((model, batch), (remote, remote_batch)):
        embeddings = each.embed(prepared).requires_grad_(True)
        each.predict_embedded(prepared, embeddings, attention_frozen=True)[:, 0].sum().backward()
        gradients.append(embeddings.grad.cpu())
    torch.testing.assert_close(*gradients, rtol=0, atol=1e-10)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_single_precision_on_a_gpu_is_not_rounded_further(model, documents):
    here = model.to(device=torch.device("cpu"), dtype=torch.float32)
    there = model.to(device=torch.device("cuda"), dtype=torch.float32)
    hidden = [
        one.network.encode(one.embed(batch), batch.mask).detach().cpu()
        for one, batch in ((each, each.prepare(documents)) for each in (here, there))
    ]
    torch.testing.assert_close(*hidden, rtol=0, atol=2e-6)
