import subprocess
import sys

import pytest
import torch
import transformers

from attnaudit.errors import ModelError, PreflightError, UsageError
from attnaudit.models import open_model
from attnaudit.models.transformers.loading import load_transformer
from attnaudit.models.transformers.model import TransformerModel

from .conftest import tiny_network, tiny_tokenizer


def saved(path, network, tokenizer=None):
    network.save_pretrained(path)
    (tiny_tokenizer() if tokenizer is None else tokenizer).save_pretrained(path)
    return path


def test_a_directory_opens_as_any_other_model(make_directory):
    model = open_model(str(make_directory("bert")), dtype=torch.float32)
    assert isinstance(model, TransformerModel)
    assert model.outputs.classes == ("bad", "fair", "good")
    assert model.outputs.kind == "softmax"
    assert model.dtype == torch.float32
    assert not model.training
    assert model.sites[0].name == "layer.last"


def test_the_digest_is_that_of_the_numbers_and_changes_with_each(make_directory, load, tmp_path):
    digest = load("bert").digest
    single = load_transformer(make_directory("bert"), dtype=torch.float32)
    assert single.digest == digest
    network = tiny_network("bert")
    with torch.no_grad():
        network.classifier.bias[0] += 1e-3
    assert load_transformer(saved(tmp_path / "other", network)).digest != digest
    other = tiny_tokenizer()
    other.backend_tokenizer.normalizer = None
    path = saved(tmp_path / "words", tiny_network("bert"), other)
    assert load_transformer(path).digest != digest


def test_a_head_that_was_never_trained_is_refused(tmp_path):
    network = tiny_network("bert")
    encoder = transformers.BertModel(network.config)
    encoder.config.architectures = ["BertForSequenceClassification"]
    saved(tmp_path, encoder)
    config = tmp_path / "config.json"
    named = config.read_text().replace('"BertModel"', '"BertForSequenceClassification"')
    config.write_text(named)
    with pytest.raises(ModelError, match=r"has no trained classifier\.bias, classifier\.weight"):
        load_transformer(tmp_path)


def test_one_number_is_no_classification(tmp_path):
    saved(tmp_path, tiny_network("bert", classes={0: "stars"}))
    with pytest.raises(ModelError, match="predicts one number"):
        load_transformer(tmp_path)


def test_several_labels_at_once_are_known_as_such(make_directory):
    path = make_directory("bert", problem_type="multi_label_classification")
    assert load_transformer(path).outputs.kind == "multilabel"


def test_a_decoder_without_padding_is_refused(tmp_path):
    network = tiny_network("gpt2")
    network.config.pad_token_id = None
    with pytest.raises(ModelError, match="has no pad_token_id"):
        load_transformer(saved(tmp_path, network))


def test_a_directory_without_a_tokeniser_is_refused(tmp_path):
    tiny_network("bert").save_pretrained(tmp_path)
    with pytest.raises(ModelError, match=r"has no tokeniser|cannot open the tokeniser"):
        load_transformer(tmp_path)


def test_damaged_weights_are_refused(tmp_path):
    saved(tmp_path, tiny_network("bert"))
    (tmp_path / "model.safetensors").write_bytes(b"\0" * 100)
    with pytest.raises(ModelError, match="transformers cannot open"):
        load_transformer(tmp_path)


def test_an_unknown_site_and_an_unknown_device_are_usage_errors(make_directory, load, texts):
    model = load("bert")
    with pytest.raises(UsageError, match=r"no attention site 'attention'"):
        model.attend(model.prepare(texts), sites=["attention"])
    with pytest.raises(UsageError, match="found 'tpu'"):
        load_transformer(make_directory("bert"), device="tpu")


def test_a_window_that_does_not_reach_a_word_is_an_error(make_directory, texts):
    path = make_directory("modernbert", local_attention=4, num_hidden_layers=3)
    model = load_transformer(path)
    batch = model.prepare(texts)
    model.attend(batch, sites=["layer.0"])
    with pytest.raises(
        PreflightError, match=r"document 'd0': layer 1 does not attend to all of its"
    ):
        model.attend(batch, sites=["layer.1"])


def test_without_the_library_the_extra_is_named(make_directory):
    code = (
        "import sys\n"
        "sys.modules['transformers'] = None\n"
        "from attnaudit.errors import MissingExtraError\n"
        "from attnaudit.models import open_model\n"
        f"try:\n    open_model({str(make_directory('bert'))!r})\n"
        "except MissingExtraError as error:\n    print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'attnaudit[transformers]'" in run.stdout


def test_opening_the_paper_s_models_does_not_import_the_library():
    code = (
        "import sys\n"
        "from attnaudit.models import open_model\n"
        "from attnaudit.runs.plan import embedded_directory\n"
        "open_model(str(embedded_directory()))\n"
        "sys.exit('transformers' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
