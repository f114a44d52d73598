import json

import pytest

from attnaudit.errors import ModelError
from attnaudit.models import save_model
from attnaudit.models.transformers.recognition import check_directory, is_transformer

CONFIGURATION = {"model_type": "bert", "architectures": ["BertForSequenceClassification"]}


@pytest.fixture
def directory(tmp_path):
    def make(configuration=CONFIGURATION, *files):
        (tmp_path / "config.json").write_text(json.dumps(configuration), encoding="utf-8")
        for name in files or ("model.safetensors",):
            (tmp_path / name).write_bytes(b"weights")
        return tmp_path

    return make


def test_a_directory_is_told_by_its_configuration(directory, make_model, tmp_path):
    assert is_transformer(directory())
    save_model(make_model(), tmp_path / "paper")
    assert not is_transformer(tmp_path / "paper")
    assert not is_transformer(tmp_path / "nothing")
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    assert not is_transformer(tmp_path)


def test_a_sound_directory_passes(directory):
    check_directory(directory())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"architectures": ["BertModel"]}, "names the network BertModel, which is no sequence"),
        ({"architectures": None}, "names the network not at all"),
        ({"auto_map": {"AutoModel": "code.Model"}}, "brings code of its own"),
        ({"quantization_config": {"bits": 4}}, "is quantised"),
    ],
)
def test_a_network_that_cannot_be_audited_is_refused(change, message, directory):
    with pytest.raises(ModelError, match=message):
        check_directory(directory(CONFIGURATION | change))


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (("pytorch_model.bin",), "has no model.safetensors.*pickles are never read"),
        (("model.safetensors", "adapter_config.json"), "holds an adapter"),
    ],
)
def test_weights_that_are_not_there_are_missed(files, message, directory):
    with pytest.raises(ModelError, match=message):
        check_directory(directory(CONFIGURATION, *files))


def test_a_link_out_of_the_directory_is_never_followed(directory, tmp_path_factory):
    path = directory()
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.json"
    secret.write_text("{}", encoding="utf-8")
    (path / "tokenizer.json").symlink_to(secret)
    with pytest.raises(ModelError, match="a link to a file outside that directory"):
        check_directory(path)


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ({"weight_map": {"a": "../elsewhere.safetensors"}}, "lies elsewhere"),
        ({"weight_map": {"a": "not-there.safetensors"}}, "has no not-there.safetensors"),
        ({"weight_map": [1]}, "does not say which file holds which weight"),
        ({"weight_map": {"a": "one.safetensors"}}, None),
    ],
)
def test_the_parts_of_a_model_lie_in_its_directory(index, message, directory):
    path = directory(CONFIGURATION, "one.safetensors")
    (path / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    if message is None:
        check_directory(path)
        return
    with pytest.raises(ModelError, match=message):
        check_directory(path)
