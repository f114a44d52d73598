import pytest
import torch

from attnaudit.data.vocabulary import SPECIALS, Vocabulary
from attnaudit.measurements.random_attention import NETWORKS
from attnaudit.measurements.untrained import models_with_untrained_encoder, untrained_models
from attnaudit.models import PairConfiguration, PairModel
from attnaudit.models.planted import blind_model
from attnaudit.records import Document
from attnaudit.training.recipe import initial_network

MAKERS = pytest.mark.parametrize("make", [untrained_models, models_with_untrained_encoder])


def weights(model):
    return model.network.state_dict()


def every_one(make, model, *, seed):
    untrained = make(model, seed=seed)
    return [untrained.draw(number) for number in range(NETWORKS)]


def is_encoder(name):
    return "encoder" in name


@pytest.fixture(params=["bilstm", "cnn", "average"])
def model(request, make_model):
    return make_model(encoder=request.param)


def test_without_training_no_weight_is_the_models_own(model):
    for drawn in every_one(untrained_models, model, seed=0):
        for name, tensor in weights(drawn).items():
            assert not torch.equal(tensor, weights(model)[name]), name


def test_of_an_untrained_encoder_everything_else_stays(model):
    own = {name: tensor.clone() for name, tensor in weights(model).items()}
    for drawn in every_one(models_with_untrained_encoder, model, seed=0):
        for name, tensor in weights(drawn).items():
            assert torch.equal(tensor, own[name]) != is_encoder(name), name
    assert all(torch.equal(own[name], tensor) for name, tensor in weights(model).items())


def test_both_encoders_of_a_model_of_two_texts_are_drawn():
    vocabulary = Vocabulary((*SPECIALS, "where", "is", "ann", "garden"))
    configuration = PairConfiguration(
        encoder="bilstm",
        attention="additive",
        embedding_size=6,
        hidden_size=8,
        classes=("no", "yes"),
        tokenizer="whitespace",
        vocabulary_size=len(vocabulary),
    )
    network = initial_network(configuration, seed=1).double().eval()
    model = PairModel(network, configuration, vocabulary)
    batch = model.prepare([Document(id="a", text="ann is garden", text2="where is ann")])
    [own] = model.attend(batch, sites=["attention"])
    for drawn in every_one(models_with_untrained_encoder, model, seed=0):
        changed = {
            name
            for name, one in weights(drawn).items()
            if not torch.equal(one, weights(model)[name])
        }
        assert changed == {name for name in weights(model) if is_encoder(name)}
        assert {name.split(".")[0] for name in changed} == {"document", "query"}
        [attended] = drawn.attend(batch, sites=["attention"])
        assert not torch.equal(attended.attention, own.attention)


@MAKERS
def test_every_network_is_another_and_equal_seeds_give_equal_ones(model, make):
    first, again, other = (every_one(make, model, seed=seed) for seed in (0, 0, 1))
    drawn = [
        tuple(map(tuple, weights(one)[name].flatten(1).tolist()))
        for one in (*first, *other)
        for name in weights(one)
        if is_encoder(name) and weights(one)[name].dim() == 2
    ]
    assert len(set(drawn)) == len(drawn)
    for one, same in zip(first, again, strict=True):
        assert all(torch.equal(one, weights(same)[name]) for name, one in weights(one).items())


@MAKERS
def test_random_weights_leave_the_global_generator_alone(make_model, make):
    model = make_model()
    before = torch.random.get_rng_state()
    every_one(make, model, seed=0)
    assert torch.equal(before, torch.random.get_rng_state())


@MAKERS
def test_they_are_ready_to_be_audited_like_the_model(make_model, documents, make):
    model = make_model().to(device=torch.device("cpu"), dtype=torch.float32)
    for drawn in every_one(make, model, seed=0):
        assert not drawn.training
        assert (drawn.dtype, drawn.device) == (model.dtype, model.device)
        assert drawn.outputs == model.outputs
        [attended] = drawn.attend(model.prepare(documents), sites=["attention"])
        assert not attended.attention.requires_grad


@MAKERS
def test_an_architecture_that_the_package_does_not_know_has_no_counterpart(make):
    assert make(blind_model(), seed=0) is None


@MAKERS
def test_a_small_network_is_drawn_once(make_model, make):
    untrained = make(make_model(), seed=0)
    assert untrained.draw(2) is untrained.draw(2)
