import json
import shutil

import pytest
import torch
import transformers

from attnaudit.models.transformers.digest import transformer_digest
from attnaudit.models.transformers.loading import load_transformer
from attnaudit.models.transformers.network import Network

from .conftest import tiny_network, tiny_tokenizer


def digest(network):
    fields = json.loads(network.config.to_json_string())
    return transformer_digest(fields, Network(network, segmented=True), tiny_tokenizer())


def test_neither_the_folder_nor_the_release_that_reads_or_wrote_it_changes_the_digest(
    make_directory, load, tmp_path, monkeypatch
):
    path = shutil.copytree(make_directory("bert"), tmp_path / "elsewhere")
    config = path / "config.json"
    fields = json.loads(config.read_text(encoding="utf-8"))
    written = {"transformers_version": "4.0.0", "_name_or_path": "/home/someone/bert"}
    config.write_text(json.dumps(dict(reversed((fields | written).items()))), encoding="utf-8")
    monkeypatch.setattr(transformers.configuration_utils, "__version__", "99.0.0")
    model = load_transformer(path)
    assert model.network.configuration.to_dict()["transformers_version"] == "99.0.0"
    assert model.digest == load("bert").digest


@pytest.mark.parametrize(
    "change",
    [
        {"layer_norm_eps": 1e-3},
        {"classes": {0: "good", 1: "fair", 2: "bad"}},
        {"hidden_act": "relu"},
    ],
)
def test_what_the_network_computes_or_calls_its_classes_changes_the_digest(change):
    assert digest(tiny_network("bert", **change)) != digest(tiny_network("bert"))


def test_the_precision_that_a_file_names_does_not_change_the_digest():
    network = tiny_network("bert")
    named = digest(network)
    network.config.dtype = torch.bfloat16
    assert json.loads(network.config.to_json_string())["dtype"] == "bfloat16"
    assert digest(network) == named
