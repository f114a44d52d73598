import json
import shutil

import pytest

from attnaudit.errors import ModelError
from attnaudit.models.transformers.opening import from_directory, open_network, open_tokenizer


@pytest.mark.parametrize(
    ("family", "asked", "computed"),
    [("bert", "eager", "eager"), ("bert", "sdpa", "sdpa"), ("deberta", "sdpa", "eager")],
)
def test_how_attention_is_computed_is_never_left_to_the_directory(
    family, asked, computed, make_directory, tmp_path
):
    path = shutil.copytree(make_directory(family), tmp_path / "model")
    config = path / "config.json"
    fields = json.loads(config.read_text(encoding="utf-8"))
    config.write_text(json.dumps(fields | {"attn_implementation": "stranger/kernel"}))
    network = from_directory(path, attention=asked)
    assert network.config._attn_implementation == computed


def test_a_long_document_loses_its_end_whatever_the_tokeniser_was_saved_with(make_directory):
    path = make_directory("bert", tokenizer={"truncation_side": "left"})
    tokenizer = open_tokenizer(path)
    ids = tokenizer("great film film dull", truncation=True, max_length=4)["input_ids"]
    assert tokenizer.convert_ids_to_tokens(ids) == ["[CLS]", "great", "film", "[SEP]"]


def test_an_architecture_that_the_library_does_not_know_is_an_error(make_directory, tmp_path):
    path = shutil.copytree(make_directory("bert"), tmp_path / "model")
    fields = json.loads((path / "config.json").read_text(encoding="utf-8"))
    (path / "config.json").write_text(json.dumps(fields | {"model_type": "unheard-of"}))
    with pytest.raises(ModelError, match=r"transformers cannot open .*unheard-of"):
        open_network(path, attention="sdpa")
