from dataclasses import replace

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attnaudit.data.vocabulary import SPECIALS, Vocabulary
from attnaudit.errors import InvalidArgumentError, ModelError, UsageError
from attnaudit.models import AttentionModel
from attnaudit.models.pairs.model import PairModel
from attnaudit.models.preflight import preflight
from attnaudit.records import Document

SITES = ("attention",)
KINDS = [
    ("bilstm", "additive", "all"),
    ("bilstm", "dot", "mentioned"),
    ("cnn", "additive", "mentioned"),
    ("cnn", "dot", "all"),
    ("average", "additive", "all"),
    ("average", "dot", "mentioned"),
]


@pytest.fixture(params=KINDS, ids="-".join)
def model(request, make_pair_model):
    encoder, attention, candidates = request.param
    return make_pair_model(encoder=encoder, attention=attention, candidates=candidates)


def test_the_adapter_is_an_attention_model_that_passes_its_preflight(model, pairs):
    assert isinstance(model, AttentionModel)
    preflight(model, model.prepare(pairs))


def test_a_pair_gives_the_same_alone_and_in_any_batch(model, pairs):
    (together,) = model.attend(model.prepare(pairs[::-1]), sites=SITES)
    for row, pair in enumerate(pairs[::-1]):
        (alone,) = model.attend(model.prepare([pair]), sites=SITES)
        words = len(pair.tokens)
        torch.testing.assert_close(
            alone.attention[0], together.attention[row, :words], rtol=0, atol=1e-12
        )
        torch.testing.assert_close(
            alone.probabilities[0], together.probabilities[row], rtol=0, atol=1e-12
        )
        uniform = torch.full((1, 1, words), 1 / words, dtype=torch.float64)
        padding = (0, together.mask.shape[1] - words)
        wide = torch.nn.functional.pad(uniform, padding)
        torch.testing.assert_close(
            alone.readout(uniform),
            together.readout.select(torch.tensor([row]))(wide),
            rtol=0,
            atol=1e-12,
        )


def test_what_stands_in_the_padding_changes_nothing(model, pairs):
    batch = model.prepare(pairs)
    (before,) = model.attend(batch, sites=SITES)
    spoiled = replace(
        batch,
        token_ids=batch.token_ids.masked_fill(~batch.mask, 7),
        query_ids=batch.query_ids.masked_fill(~batch.query_mask, 9),
    )
    (after,) = model.attend(spoiled, sites=SITES)
    torch.testing.assert_close(after.attention, before.attention, rtol=0, atol=1e-14)
    torch.testing.assert_close(after.probabilities, before.probabilities, rtol=0, atol=1e-14)


def test_replacing_attention_by_itself_reproduces_the_model(model, pairs):
    (attended,) = model.attend(model.prepare(pairs), sites=SITES)
    found = attended.readout.replace(attended.rows.unsqueeze(1)).squeeze(1)
    torch.testing.assert_close(found, attended.probabilities, rtol=0, atol=1e-14)
    spread = attended.probabilities.amax(dim=0) - attended.probabilities.amin(dim=0)
    assert (spread > 0.01).sum() >= 3


def test_the_readout_at_another_attention_equals_decoding_with_it(model, pairs):
    batch = model.prepare(pairs)
    (attended,) = model.attend(batch, sites=SITES)
    network = model.network
    uniform = batch.mask / batch.lengths.double().unsqueeze(1)
    hidden = network.document.words(model.embed(batch), batch.mask)
    query = network.query.whole(batch.query_ids, batch.query_mask)
    expected = network.decode(hidden, uniform, query, batch.candidates)
    found = attended.readout.logits(uniform.unsqueeze(1)).squeeze(1)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-13)


def test_a_class_that_is_no_candidate_is_never_predicted(make_pair_model, pairs):
    batch = make_pair_model().prepare(pairs)
    free = make_pair_model()
    (unbounded,) = free.attend(batch, sites=SITES)
    bounded = make_pair_model(candidates="mentioned")
    (attended,) = bounded.attend(bounded.prepare(pairs), sites=SITES)
    allowed = bounded.prepare(pairs).candidates
    assert (attended.probabilities[~allowed] == 0).all()
    assert (unbounded.probabilities[~allowed] > 0).all()
    remaining = unbounded.probabilities * allowed
    expected = remaining / remaining.sum(dim=1, keepdim=True)
    torch.testing.assert_close(attended.probabilities, expected, rtol=0, atol=1e-14)


def test_another_question_changes_attention_and_answer(model, pairs):
    asked = replace(pairs[0], text2="the office now")
    (before,) = model.attend(model.prepare(pairs[:1]), sites=SITES)
    (after,) = model.attend(model.prepare([asked]), sites=SITES)
    assert (after.attention - before.attention).abs().max() > 1e-4
    assert (after.probabilities - before.probabilities).abs().max() > 1e-3


def test_predicting_from_the_embeddings_equals_attending(model, pairs):
    batch = model.prepare(pairs)
    (attended,) = model.attend(batch, sites=SITES)
    for frozen in (False, True):
        found = model.predict_embedded(batch, model.embed(batch), attention_frozen=frozen)
        torch.testing.assert_close(found, attended.probabilities, rtol=0, atol=1e-14)


def test_the_gradient_equals_differences_of_the_probability(model, pairs):
    batch = model.prepare(pairs[4:5])
    embeddings = model.embed(batch).requires_grad_(True)
    assert torch.autograd.gradcheck(
        lambda moved: model.predict_embedded(batch, moved, attention_frozen=False),
        (embeddings,),
        fast_mode=True,
    )


def test_the_frozen_gradient_equals_differences_at_fixed_attention(model, pairs):
    batch = model.prepare(pairs[:1])
    (attended,) = model.attend(batch, sites=SITES)
    query = model.network.query.whole(batch.query_ids, batch.query_mask)

    def at_fixed_attention(embeddings):
        hidden = model.network.document.words(embeddings, batch.mask)
        logits = model.network.decode(hidden, attended.attention, query, batch.candidates)
        return torch.softmax(logits, dim=1)[0, 0]

    embeddings = model.embed(batch).requires_grad_(True)
    model.predict_embedded(batch, embeddings, attention_frozen=True)[0, 0].backward()
    step = 1e-6
    for token, dimension in ((0, 0), (4, 3), (9, 5)):
        change = torch.zeros_like(embeddings)
        change[0, token, dimension] = step
        with torch.no_grad():
            difference = at_fixed_attention(embeddings + change) - at_fixed_attention(
                embeddings - change
            )
        assert embeddings.grad[0, token, dimension].item() == pytest.approx(
            difference.item() / (2 * step), rel=1e-5, abs=1e-9
        )


def test_without_equals_preparing_the_shorter_documents(make_pair_model, pairs):
    model = make_pair_model()
    batch = model.prepare(pairs)
    deletions = [(4, 0), (0, 5), (1, 1), (0, 0), (5, 8)]
    shorter = [
        replace(pairs[row], tokens=pairs[row].tokens[:token] + pairs[row].tokens[token + 1 :])
        for row, token in deletions
    ]
    deleted = model.without(batch, deletions)
    expected = model.prepare(shorter)
    assert deleted.documents == expected.documents
    assert deleted.tokens == expected.tokens
    (one,), (other,) = (model.attend(each, sites=SITES) for each in (deleted, expected))
    torch.testing.assert_close(one.attention, other.attention, rtol=0, atol=1e-13)
    torch.testing.assert_close(one.probabilities, other.probabilities, rtol=0, atol=1e-13)


def test_deletions_can_be_deleted_from_and_keep_their_questions(make_pair_model, pairs):
    model = make_pair_model()
    once = model.without(model.prepare(pairs), [(4, 1), (0, 2)])
    twice = model.without(once, [(1, 0), (0, 0)])
    expected = model.prepare(
        [
            replace(pairs[0], tokens=("went", *pairs[0].tokens[3:])),
            replace(pairs[4], tokens=pairs[4].tokens[2:]),
        ]
    )
    assert twice.tokens == expected.tokens
    (one,), (other,) = (model.attend(each, sites=SITES) for each in (twice, expected))
    torch.testing.assert_close(one.probabilities, other.probabilities, rtol=0, atol=1e-13)


def test_an_answer_whose_only_mention_is_deleted_stays_a_candidate(make_pair_model, pairs):
    model = make_pair_model(candidates="mentioned")
    batch = model.prepare(pairs)
    assert batch.tokens[0][4] == "garden"
    deleted = model.without(batch, [(5, 1), (0, 4)])
    assert deleted.candidates.tolist() == batch.candidates[[5, 0]].tolist()
    (attended,) = model.attend(deleted, sites=SITES)
    assert attended.probabilities[1, 0] > 0


words = st.sampled_from(["ann", "went", "garden", "kitchen", "unheardof", "the"])


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(
        st.tuples(st.lists(words, min_size=1, max_size=9), st.lists(words, min_size=1, max_size=5)),
        min_size=1,
        max_size=4,
    )
)
def test_any_pairs_get_distributions_over_words_and_classes(texts, make_pair_model):
    model = make_pair_model(encoder="cnn")
    documents = [
        Document(id=str(number), tokens=tuple(first), text2=" ".join(second))
        for number, (first, second) in enumerate(texts)
    ]
    (attended,) = model.attend(model.prepare(documents), sites=SITES)
    ones = torch.ones(len(texts), dtype=torch.float64)
    assert (attended.attention[~attended.mask] == 0).all()
    torch.testing.assert_close(attended.attention.sum(dim=1), ones, rtol=0, atol=1e-13)
    torch.testing.assert_close(attended.probabilities.sum(dim=1), ones, rtol=0, atol=1e-13)


def test_attending_leaves_no_graph_behind(make_pair_model, pairs):
    model = make_pair_model()
    model.network.requires_grad_(True)
    (attended,) = model.attend(model.prepare(pairs), sites=SITES)
    readout = attended.readout
    tensors = (readout.projected, readout.offset, readout.weight, readout.bias)
    assert not any(tensor.requires_grad for tensor in (attended.attention, *tensors))
    assert not model.embed(model.prepare(pairs)).requires_grad


def test_a_copy_in_single_precision_computes_nearly_the_same(model, pairs):
    single = model.to(device=torch.device("cpu"), dtype=torch.float32)
    (one,) = single.attend(single.prepare(pairs), sites=SITES)
    (other,) = model.attend(model.prepare(pairs), sites=SITES)
    assert (single.dtype, model.dtype) == (torch.float32, torch.float64)
    torch.testing.assert_close(one.probabilities.double(), other.probabilities, rtol=0, atol=1e-5)


def test_a_model_in_training_mode_says_so(make_pair_model):
    model = make_pair_model()
    assert not model.training
    model.network.query.train()
    assert model.training


def test_an_unknown_site_is_refused(make_pair_model, pairs):
    model = make_pair_model()
    with pytest.raises(UsageError, match="no attention site 'layer'; its only one is 'attention'"):
        model.attend(model.prepare(pairs), sites=["layer"])


def test_every_door_refuses_a_batch_of_single_texts(make_pair_model, make_model, documents):
    model, single = make_pair_model(), make_model().prepare(documents)
    with pytest.raises(InvalidArgumentError, match="PairBatch"):
        model.attend(single, sites=SITES)
    with pytest.raises(InvalidArgumentError, match="PairBatch"):
        model.predict_embedded(single, model.embed(single), attention_frozen=True)
    with pytest.raises(InvalidArgumentError, match="PairBatch"):
        model.without(single, [(0, 0)])


def test_a_vocabulary_of_another_size_is_refused(make_pair_model):
    model = make_pair_model()
    with pytest.raises(ModelError, match=r"has 5 entries.*says 18.*have 18 and 18 rows"):
        PairModel(model.network, model.configuration, Vocabulary((*SPECIALS, "ann")))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_a_gpu_agrees_with_the_cpu(model, pairs):
    remote = model.to(device=torch.device("cuda"), dtype=torch.float64)
    batches = model.prepare(pairs), remote.prepare(pairs)
    (here,) = model.attend(batches[0], sites=SITES)
    (there,) = remote.attend(batches[1], sites=SITES)
    torch.testing.assert_close(there.attention.cpu(), here.attention, rtol=0, atol=1e-10)
    torch.testing.assert_close(there.probabilities.cpu(), here.probabilities, rtol=0, atol=1e-10)
    gradients = []
    for each, batch in zip((model, remote), batches, strict=True):
        embeddings = each.embed(batch).requires_grad_(True)
        each.predict_embedded(batch, embeddings, attention_frozen=True)[:, 0].sum().backward()
        gradients.append(embeddings.grad.cpu())
    torch.testing.assert_close(*gradients, rtol=0, atol=1e-10)
    assert remote.without(batches[1], [(0, 1)]).candidates.device.type == "cuda"
