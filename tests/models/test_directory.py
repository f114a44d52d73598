import json
import os
import pickle

import pytest
import torch

from attnaudit.errors import ModelError, UsageError
from attnaudit.models import load_model, save_model

FILES = ["config.json", "model.safetensors", "vocabulary.json"]


@pytest.fixture
def saved(make_model, tmp_path):
    save_model(make_model(), tmp_path / "model")
    return tmp_path / "model"


@pytest.mark.parametrize("encoder", ["bilstm", "cnn", "average"])
@pytest.mark.parametrize("attention", ["additive", "dot"])
def test_a_model_is_the_same_after_saving_and_loading(
    encoder, attention, make_model, documents, tmp_path
):
    model = make_model(encoder=encoder, attention=attention)
    save_model(model, tmp_path)
    loaded = load_model(tmp_path)
    assert loaded.digest == model.digest
    assert loaded.configuration == model.configuration
    assert loaded.outputs == model.outputs
    (before,) = model.attend(model.prepare(documents), sites=["attention"])
    (after,) = loaded.attend(loaded.prepare(documents), sites=["attention"])
    torch.testing.assert_close(after.attention, before.attention, rtol=0, atol=1e-14)
    torch.testing.assert_close(after.probabilities, before.probabilities, rtol=0, atol=1e-14)


def test_a_model_saved_in_single_precision_keeps_its_digest_in_double(make_model, tmp_path):
    model = make_model(dtype=torch.float32)
    save_model(model, tmp_path)
    assert load_model(tmp_path).dtype == torch.float64
    assert load_model(tmp_path).digest == model.digest
    assert load_model(tmp_path, dtype=torch.float32).digest == model.digest


def test_a_loaded_model_is_ready_to_be_audited(saved):
    model = load_model(saved)
    assert not model.training
    assert model.device.type == "cpu"
    assert not any(parameter.requires_grad for parameter in model.network.parameters())


def test_loading_draws_no_random_numbers(saved):
    before = torch.get_rng_state()
    load_model(saved)
    assert torch.equal(torch.get_rng_state(), before)


def test_saving_over_a_model_replaces_it_and_leaves_other_files(saved, make_model):
    (saved / "claims.toml").write_text("schema = 1", encoding="utf-8")
    other = make_model(seed=5, encoder="cnn")
    save_model(other, saved)
    assert load_model(saved).digest == other.digest
    assert sorted(each.name for each in saved.iterdir()) == sorted([*FILES, "claims.toml"])


def test_saving_that_is_cut_short_leaves_no_directory_that_loads(saved, make_model, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("safetensors.torch.save", fail)
    with pytest.raises(OSError, match="disk full"):
        save_model(make_model(seed=5), saved)
    with pytest.raises(ModelError, match=r"has no config\.json"):
        load_model(saved)


def test_a_model_with_a_broken_weight_is_not_saved(saved, make_model):
    before = load_model(saved).digest
    model = make_model(seed=5)
    model.network.head.bias.fill_(torch.nan)
    with pytest.raises(ModelError, match=r"head\.bias has 1 of 1"):
        save_model(model, saved)
    assert load_model(saved).digest == before


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_needed(name, saved):
    (saved / name).unlink()
    with pytest.raises(ModelError, match=f"has no {name}"):
        load_model(saved)


@pytest.mark.parametrize("name", FILES)
def test_no_file_may_be_a_link_out_of_the_directory(name, saved, tmp_path):
    (saved / name).rename(tmp_path / name)
    (saved / name).symlink_to(tmp_path / name)
    with pytest.raises(ModelError, match=f"{name} of .* is a link to a file outside"):
        load_model(saved)


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_in_half_is_refused(name, saved):
    content = (saved / name).read_bytes()
    (saved / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError, match=name.replace(".", r"\.")):
        load_model(saved)


def test_a_pickle_in_place_of_the_weights_is_never_opened(saved):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(saved / "sprung"),)

    (saved / "model.safetensors").unlink()
    (saved / "pytorch_model.bin").write_bytes(pickle.dumps(Trap()))
    with pytest.raises(ModelError, match=r"only as pytorch_model\.bin"):
        load_model(saved)
    (saved / "pytorch_model.bin").rename(saved / "model.safetensors")
    with pytest.raises(ModelError, match="no safetensors file"):
        load_model(saved)
    assert not (saved / "sprung").exists()


def edit(path, **changes):
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), encoding="utf-8")


def test_a_configuration_of_other_sizes_is_refused_with_the_tensor(saved):
    edit(saved / "config.json", hidden_size=12)
    with pytest.raises(ModelError, match=r"has shape \[.*but config\.json implies"):
        load_model(saved)


def test_a_configuration_of_another_encoder_is_refused_with_the_tensors(saved):
    edit(saved / "config.json", encoder="average")
    with pytest.raises(ModelError, match=r"missing .*projection.*; unexpected .*backwards"):
        load_model(saved)


def test_the_largest_sizes_allowed_are_refused_before_anything_of_that_size_exists(saved):
    edit(saved / "config.json", vocabulary_size=10**7, embedding_size=8192, hidden_size=8192)
    words = json.loads((saved / "vocabulary.json").read_text("utf-8"))["words"]
    with pytest.raises(ModelError, match=f"has {len(words)} entries.*says 10000000"):
        load_model(saved)
    edit(saved / "config.json", vocabulary_size=len(words))
    with pytest.raises(ModelError, match=r"implies \[\d+, 8192\]"):
        load_model(saved)


def test_a_vocabulary_of_another_size_is_refused_with_both_sizes(saved):
    content = json.loads((saved / "vocabulary.json").read_text("utf-8"))
    edit(saved / "vocabulary.json", words=content["words"][:-1])
    with pytest.raises(ModelError, match=r"vocabulary\.json of .* has 16 entries.*says 17"):
        load_model(saved)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"{", "not JSON"), (b"\xff\xff", "not UTF-8"), (b'{"schema": 1, "words": 3}', "list")],
)
def test_a_broken_vocabulary_is_refused_with_its_directory(content, message, saved):
    (saved / "vocabulary.json").write_bytes(content)
    with pytest.raises(ModelError, match=message) as caught:
        load_model(saved)
    assert str(saved) in str(caught.value)


def test_an_unknown_device_is_refused_before_the_directory_is_read(tmp_path):
    with pytest.raises(UsageError, match="must be cpu, cuda or auto; found 'tpu'"):
        load_model(tmp_path / "gone", device="tpu")
