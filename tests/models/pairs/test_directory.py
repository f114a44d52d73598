import json

import pytest
import torch

from attnaudit.errors import ModelError
from attnaudit.models import load_model, save_model
from attnaudit.models.configuration import (
    Configuration,
    PairConfiguration,
    read_configuration,
)
from attnaudit.models.pairs.classifier import PairClassifier
from attnaudit.models.pairs.model import PairModel
from attnaudit.models.paper import PaperModel


@pytest.fixture
def saved(make_pair_model, tmp_path):
    save_model(make_pair_model(), tmp_path / "model")
    return tmp_path / "model"


def edit(path, **changes):
    fields = json.loads(path.read_text("utf-8")) | changes
    kept = {key: value for key, value in fields.items() if value is not None}
    path.write_text(json.dumps(kept), encoding="utf-8")


@pytest.mark.parametrize("encoder", ["bilstm", "cnn", "average"])
@pytest.mark.parametrize("attention", ["additive", "dot"])
def test_a_model_of_two_texts_is_the_same_after_saving_and_loading(
    encoder, attention, make_pair_model, pairs, tmp_path
):
    model = make_pair_model(encoder=encoder, attention=attention, candidates="mentioned")
    save_model(model, tmp_path)
    loaded = load_model(tmp_path)
    assert isinstance(loaded, PairModel)
    assert loaded.digest == model.digest
    assert loaded.configuration == model.configuration
    assert not loaded.training
    (before,) = model.attend(model.prepare(pairs), sites=["attention"])
    (after,) = loaded.attend(loaded.prepare(pairs), sites=["attention"])
    torch.testing.assert_close(after.attention, before.attention, rtol=0, atol=1e-14)
    torch.testing.assert_close(after.probabilities, before.probabilities, rtol=0, atol=1e-14)


def test_loading_draws_no_random_numbers(saved):
    before = torch.get_rng_state()
    load_model(saved, dtype=torch.float32)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_directory_without_a_task_holds_a_model_of_one_text(make_model, tmp_path):
    model = make_model()
    save_model(model, tmp_path)
    assert "task" not in json.loads((tmp_path / "config.json").read_text("utf-8"))
    assert type(read_configuration(tmp_path)) is Configuration
    assert isinstance(load_model(tmp_path), PaperModel)


def test_a_configuration_of_two_texts_is_read_as_written(saved, make_pair_configuration):
    assert read_configuration(saved) == make_pair_configuration()
    assert type(read_configuration(saved)) is PairConfiguration


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"task": "translation"}, "task: .*'pair'; found 'translation'"),
        ({"kind": "binary"}, "kind: .*'softmax'; found 'binary'"),
        ({"candidates": "some"}, "candidates: .*found 'some'"),
        ({"candidate": "all"}, r"unknown key 'candidate'; did you mean 'candidates'\?"),
        ({"task": None}, r"unknown key 'candidates'; did you mean"),
        ({"classes": ["b", "a"]}, "classes must be sorted and unique"),
    ],
)
def test_a_wrong_field_is_named_with_what_was_found(changes, message, saved):
    edit(saved / "config.json", **changes)
    with pytest.raises(ModelError, match=message):
        load_model(saved)


def test_weights_of_a_model_of_one_text_are_refused_with_the_tensors(make_model, saved, tmp_path):
    save_model(make_model(), tmp_path / "single")
    weights = (tmp_path / "single" / "model.safetensors").read_bytes()
    (saved / "model.safetensors").write_bytes(weights)
    with pytest.raises(ModelError, match=r"missing .*document\.embedding\.weight"):
        load_model(saved)


def test_two_models_of_different_candidates_differ_in_their_digest(make_pair_model):
    assert make_pair_model().digest != make_pair_model(candidates="mentioned").digest


def test_the_two_texts_share_no_weights(make_pair_configuration):
    network = PairClassifier(make_pair_configuration())
    of_document, of_query = network.document.state_dict(), network.query.state_dict()
    assert of_document.keys() == of_query.keys()
    for name, tensor in of_document.items():
        assert not torch.equal(tensor, of_query[name])
