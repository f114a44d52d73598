import json

import pytest

from attnaudit.errors import ModelError
from attnaudit.models.transformers.safety import check_safe


@pytest.fixture
def directory(tmp_path):
    """An encoder without a head, with some fields and other files."""

    def make(fields=None, files=None):
        configuration = {"model_type": "bert", "architectures": ["BertModel"], **(fields or {})}
        written = {"config.json": configuration, "model.safetensors": "weights", **(files or {})}
        for name, content in written.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
        return tmp_path

    return make


def test_an_encoder_is_safe_without_a_head(directory):
    unused = {"attn_implementation": None}
    check_safe(directory(unused, {"1_Pooling/config.json": {}, "tokenizer_config.json": {}}))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"transformers_weights": "adapter_model.bin"}, "a file of its own choice"),
        ({"transformers_weights": "sub/model.safetensors"}, "a file of its own choice"),
        ({"attn_implementation": "stranger/kernel"}, "the code that computes its attention"),
        ({"_attn_implementation": "stranger/kernel"}, "the code that computes its attention"),
        ({"experts_implementation": "stranger/kernel"}, "the code that computes its attention"),
        ({"text_config": {"attn_implementation": "x"}}, r"\(attn_implementation\)"),
        ({"parts": [{"auto_map": {}}]}, "brings code of its own"),
    ],
)
def test_a_configuration_chooses_neither_code_nor_files(fields, message, directory):
    with pytest.raises(ModelError, match=message):
        check_safe(directory(fields))


def test_a_link_out_of_the_directory_is_found_at_any_depth(directory, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "model.safetensors"
    secret.write_text("secret", encoding="utf-8")
    path = directory(files={"a/kept.json": {}})
    (path / "a" / "b").mkdir()
    (path / "a" / "b" / "model.safetensors").symlink_to(secret)
    with pytest.raises(ModelError, match=r"a/b/model\.safetensors of .* a link to a file outside"):
        check_safe(path)


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ({"weight_map": {"a": "../outside.safetensors"}}, "other.safetensors.index.json .*lies"),
        ([], "must be a JSON object; found list"),
        ({}, "does not say which file holds which weight"),
    ],
)
def test_every_index_of_parts_is_read_whatever_its_name(index, message, directory):
    with pytest.raises(ModelError, match=message):
        check_safe(directory(files={"other.safetensors.index.json": index}))


def test_an_index_of_pickles_that_were_left_behind_is_no_harm(directory):
    index = {"weight_map": {"a": "pytorch_model-00001-of-00002.bin"}}
    check_safe(directory(files={"pytorch_model.bin.index.json": index}))


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"vocab_file": "/etc/passwd"}, "vocab_file"),
        ({"spm_file": "spm.model"}, "spm_file"),
        ({"fast_tokenizer_files": ["../tokenizer.1.json"]}, "fast_tokenizer_files"),
        ({"fast_tokenizer_files": ["tokenizer.json"]}, None),
        ({"tokenizer_file": None, "special_tokens_map_file": "/home/someone/map.json"}, None),
    ],
)
def test_a_tokeniser_names_no_file_to_read(fields, refused, directory):
    path = directory(files={"tokenizer_config.json": fields})
    if refused is None:
        check_safe(path)
        return
    with pytest.raises(ModelError, match=rf"names the file .* \({refused}\)"):
        check_safe(path)
