import json

import pytest
import torch

from attnaudit.errors import UsageError

transformers = pytest.importorskip("transformers")
tokenizers = pytest.importorskip("tokenizers")

from attnaudit.training.pretrained_network import open_pretrained  # noqa: E402

PIECES = ("[PAD]", "[UNK]", "good", "bad")


@pytest.fixture
def make(tmp_path):
    """A decoder whose configuration names no padding, opened with a new head."""

    def opened(seed=0, config=None, weights=None, **special):
        configuration = transformers.GPT2Config(
            vocab_size=4, n_embd=4, n_layer=1, n_head=1, n_positions=8
        )
        network = transformers.GPT2Model(configuration)
        network.save_pretrained(tmp_path)
        numbers = {piece: number for number, piece in enumerate(PIECES)}
        words = tokenizers.Tokenizer(tokenizers.models.WordLevel(numbers, unk_token=PIECES[1]))
        fast = transformers.PreTrainedTokenizerFast
        fast(tokenizer_object=words, unk_token=PIECES[1], **special).save_pretrained(tmp_path)
        path = tmp_path / "config.json"
        fields = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(fields | (config or {})), encoding="utf-8")
        if weights is not None:
            (tmp_path / "model.safetensors").write_bytes(weights)
        return open_pretrained(tmp_path, classes=("a", "b"), seed=seed, longest=6)

    return opened


def test_padding_that_only_the_tokeniser_names_is_taken_from_there(make):
    network, tokenizer = make(pad_token=PIECES[0])
    assert network.configuration.pad_token_id == 0
    assert network.configuration.id2label == {0: "a", 1: "b"}
    assert tokenizer.model_max_length == 6


def test_the_seed_draws_the_new_head(make):
    heads = [
        make(seed=seed, pad_token=PIECES[0])[0].module.score.weight.detach() for seed in (1, 1, 2)
    ]
    torch.testing.assert_close(heads[0], heads[1])
    assert float((heads[0] - heads[2]).abs().max()) > 1e-4


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "has no padding token"),
        ({"weights": b"none"}, "cannot be opened: .* Name a directory with config.json"),
        ({"config": {"transformers_weights": "a.bin"}}, r"cannot be opened: .*its own choice"),
    ],
)
def test_what_cannot_be_begun_with_is_named(changes, message, make):
    with pytest.raises(UsageError, match=message):
        make(**changes)
