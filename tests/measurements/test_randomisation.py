import math
import statistics
from dataclasses import replace

import pytest
import scipy.stats
import torch
from scipy.spatial.distance import jensenshannon

from attnaudit.measurements.random_attention import NETWORKS, UntrainedModels
from attnaudit.measurements.randomisation import randomisation
from attnaudit.measurements.untrained import models_with_untrained_encoder
from attnaudit.models import PaperModel, faithful_model, uniform_attention_model
from attnaudit.models.blank import blank_classifier
from attnaudit.models.planted import blind_model
from attnaudit.training.recipe import initial_network

SITE = "attention"
QUANTITIES = ("divergence", "tau")


def measure(model, documents, untrained):
    rows = randomisation(model, model.prepare(documents), site=SITE, untrained=untrained)
    return {(row.document, row.quantity): row for row in rows}


def of_random_encoders(model, documents, *, seed=0):
    return measure(model, documents, models_with_untrained_encoder(model, seed=seed))


def always(model):
    return UntrainedModels(draw=lambda _: model, seed=0)


def attention(model, document):
    return model.attend(model.prepare([document]), sites=[SITE])[0].attention[0].numpy()


def divergence(first, second):
    return jensenshannon(first, second) ** 2


def correlation(first, second):
    return scipy.stats.kendalltau(first, second).statistic


@pytest.mark.parametrize(
    ("quantity", "compare"), [("divergence", divergence), ("tau", correlation)]
)
def test_it_is_taken_with_a_documents_random_encoder_and_the_null_between_that_and_the_next(
    make_model, documents, quantity, compare
):
    model, *others = (make_model(seed=seed) for seed in range(1 + NETWORKS))
    untrained = UntrainedModels(draw=others.__getitem__, seed=3)
    found = measure(model, documents, untrained)
    for document in documents:
        if len(document.tokens) == 1:
            continue
        number = untrained.number_of(document.id)
        used = (model, others[number], others[(number + 1) % NETWORKS])
        own, first, second = (attention(one, document) for one in used)
        expected, null = compare(own, first), compare(first, second)
        assert found[document.id, quantity].value == pytest.approx(expected, abs=1e-9)
        assert found[document.id, f"{quantity}-null"].value == pytest.approx(null, abs=1e-9)
        above = found[document.id, f"{quantity}-above-null"].value
        assert above == pytest.approx(expected - null, abs=1e-9)


def test_attention_that_does_not_ask_the_encoder_stays_as_it_is(make_model, documents):
    model = make_model()
    found = measure(model, documents, always(model))
    for document in documents:
        assert found[document.id, "divergence"].value == pytest.approx(0.0, abs=1e-15)
        if len(document.tokens) > 1:
            assert found[document.id, "tau"].value == 1.0


def test_a_faithful_model_ranks_otherwise_without_what_its_encoder_knows(planted_documents):
    found = of_random_encoders(faithful_model(), planted_documents)
    mean = {
        quantity: statistics.fmean(found[one.id, quantity].value for one in planted_documents)
        for quantity in QUANTITIES
    }
    assert mean["tau"] < 0.5
    assert mean["divergence"] > 0.3


def test_constant_attention_is_the_same_without_the_encoder_and_ranks_nothing(planted_documents):
    some = planted_documents[:5]
    found = of_random_encoders(uniform_attention_model(), some)
    for document in some:
        assert found[document.id, "divergence"].value == pytest.approx(0.0, abs=1e-12)
        assert found[document.id, "tau"].undefined == "constant attention"
        cause = found[document.id, "tau-null"].undefined
        assert cause == "constant attention of a random encoder"


@pytest.mark.parametrize("encoder", ["bilstm", "cnn", "average"])
def test_random_weights_of_the_head_change_no_attention_at_all(make_model, documents, encoder):
    model = make_model(encoder=encoder)
    drawn = initial_network(model.configuration, seed=9).state_dict()
    heads = {name: one.double() for name, one in drawn.items() if name.startswith("head.")}
    network = blank_classifier(model.configuration)
    network.load_state_dict(model.network.state_dict() | heads, assign=True)
    network = network.eval().requires_grad_(False)
    decoded = PaperModel(network, model.configuration, model.vocabulary)
    batch = model.prepare(documents)
    [own], [other] = (one.attend(batch, sites=[SITE]) for one in (model, decoded))
    assert torch.equal(own.attention, other.attention)
    assert not torch.equal(own.probabilities, other.probabilities)
    found = measure(model, documents, always(decoded))
    for document in documents:
        # Fewer documents are read at once than by the model, and so round otherwise.
        assert found[document.id, "divergence"].value == pytest.approx(0.0, abs=1e-15)


def test_an_architecture_without_random_weights_has_no_value_and_says_why(planted_documents):
    rows = of_random_encoders(blind_model(), planted_documents[:2]).values()
    assert {row.undefined for row in rows} == {"no random weights for this architecture"}
    assert all(math.isnan(row.value) for row in rows)
    names = {row.quantity for row in rows}
    assert names == {f"{one}{end}" for one in QUANTITIES for end in ("", "-null", "-above-null")}


def test_neither_batch_nor_order_changes_a_document(make_model, documents):
    model = make_model()
    together = of_random_encoders(model, documents)
    for document in reversed(documents):
        alone = of_random_encoders(model, [replace(document)])
        for (name, quantity), row in alone.items():
            expected = together[name, quantity]
            assert row.undefined == expected.undefined
            if row.undefined is None:
                assert row.value == pytest.approx(expected.value, abs=1e-10)
