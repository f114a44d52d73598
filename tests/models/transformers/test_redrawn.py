"""Networks of every family that have learnt nothing."""

import pytest
import torch
import transformers

from attnaudit.models.preflight import preflight
from attnaudit.models.transformers.digest import transformer_digest
from attnaudit.models.transformers.redrawn import redrawn, with_redrawn_layers

from .conftest import SUPPORTED

MAKERS = pytest.mark.parametrize("make", [redrawn, with_redrawn_layers])
SITE = "layer.last"


@pytest.fixture(params=SUPPORTED)
def model(request, load):
    return load(request.param)


def weights(model):
    return model.network.module.state_dict()


def whole_digest(model):
    return transformer_digest({}, model.network, model.reader.tokenizer)


def in_layers(model):
    """Names of all weights of a layer, by walking through the layers' own modules."""
    in_blocks = {id(one) for block in model.anatomy.blocks for one in block.parameters()}
    named = model.network.module.named_parameters()
    return {name for name, one in named if id(one) in in_blocks}


def is_drawn(tensor):
    """Whether numbers come from a generator, not from a constant to begin with."""
    return tensor.is_floating_point() and tensor.unique().numel() > 2


def test_no_weight_that_is_drawn_is_the_models_own(model):
    drawn = redrawn(model, seed=1)
    assert weights(drawn).keys() == weights(model).keys()
    compared = 0
    for name, tensor in weights(drawn).items():
        if is_drawn(tensor):
            assert not torch.equal(tensor, weights(model)[name]), name
            compared += 1
    assert compared >= 3 * 4


def test_all_weights_are_those_that_the_library_begins_training_with(model):
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(7)
        from_library = transformers.AutoModelForSequenceClassification.from_config(
            model.network.configuration
        )
    expected = from_library.state_dict()
    for name, tensor in weights(redrawn(model, seed=7)).items():
        assert torch.equal(tensor, expected[name].to(tensor.dtype)), name


def test_only_layers_are_drawn_where_the_rest_is_kept(model):
    drawn = with_redrawn_layers(model, seed=1)
    layers = in_layers(model)
    assert 0 < len(layers) < len(weights(model))
    for name, tensor in weights(drawn).items():
        own = weights(model)[name]
        if name in layers:
            assert not (is_drawn(tensor) and torch.equal(tensor, own)), name
        else:
            assert tensor.data_ptr() == own.data_ptr(), f"{name} is a copy"
    assert any(is_drawn(weights(drawn)[name]) for name in layers)


@MAKERS
def test_a_seed_draws_the_same_and_another_seed_other_weights(model, make):
    first, again, other = (make(model, seed=seed) for seed in (3, 3, 4))
    assert whole_digest(first) == whole_digest(again) != whole_digest(other)
    assert first.digest == again.digest != other.digest
    assert model.digest not in {first.digest, other.digest}


@MAKERS
def test_nothing_of_the_audited_model_changes(model, make, texts):
    batch = model.prepare(texts)
    configuration = model.network.configuration.to_dict()
    before, [seen], state = (
        whole_digest(model),
        model.attend(batch, sites=[SITE]),
        torch.random.get_rng_state(),
    )
    drawn = make(model, seed=0)
    drawn.attend(batch, sites=[SITE])
    [again] = model.attend(batch, sites=[SITE])
    assert whole_digest(model) == before
    assert model.network.configuration.to_dict() == configuration
    assert torch.equal(seen.probabilities, again.probabilities)
    assert torch.equal(seen.attention, again.attention)
    assert torch.equal(torch.random.get_rng_state(), state)


@MAKERS
def test_what_is_drawn_attends_otherwise_and_can_be_audited_like_the_model(model, make, texts):
    batch = model.prepare(texts)
    drawn = make(model, seed=0)
    preflight(drawn, batch, sites=[SITE, "layers"])
    assert (drawn.device, drawn.dtype, drawn.training) == (model.device, model.dtype, False)
    assert drawn.outputs == model.outputs
    assert drawn.sites == model.sites
    assert not any(one.requires_grad for one in drawn.network.module.parameters())
    aggregated = [site.name for site in model.sites if not site.replaceable]
    for name in (SITE, "layer.0", *aggregated):
        [own], [other] = (one.attend(batch, sites=[name]) for one in (model, drawn))
        moved = (own.attention - other.attention).abs().amax(dim=1)
        assert (moved[batch.lengths > 1] > 1e-4).all()
        assert torch.equal(drawn.prepare(texts).piece_ids, batch.piece_ids)


@MAKERS
def test_the_precision_of_the_model_is_kept_and_the_numbers_are_the_same(load, make):
    single, double = (
        make(load("bert", dtype=one), seed=0) for one in (torch.float32, torch.float64)
    )
    assert (single.dtype, double.dtype) == (torch.float32, torch.float64)
    for name, tensor in weights(single).items():
        assert torch.equal(tensor.double(), weights(double)[name].double())


def test_a_layer_that_serves_several_times_is_drawn_once(load):
    drawn = with_redrawn_layers(load("albert"), seed=0)
    assert len(drawn.anatomy.blocks) == drawn.anatomy.layers == 3
    assert len(set(drawn.anatomy.blocks)) == 1
    assert drawn.anatomy.blocks[0] in set(drawn.network.module.modules())
