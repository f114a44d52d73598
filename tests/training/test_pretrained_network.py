import json

import pytest
import torch

from attnaudit.errors import UsageError

transformers = pytest.importorskip("transformers")
tokenizers = pytest.importorskip("tokenizers")

from attnaudit.training.pretrained_network import open_pretrained  # noqa: E402

from .tiny_encoder import encoder_tokenizer, save_encoder  # noqa: E402

PIECES = ("[PAD]", "[UNK]", "good", "bad")


@pytest.fixture
def make(tmp_path):
    """A decoder whose configuration names no padding, with or without a head, opened."""

    def opened(seed=0, config=None, weights=None, labels=None, **special):
        configuration = transformers.GPT2Config(
            vocab_size=4, n_embd=4, n_layer=1, n_head=1, n_positions=8
        )
        if labels is None:
            network = transformers.GPT2Model(configuration)
        else:
            configuration.num_labels = labels
            network = transformers.GPT2ForSequenceClassification(configuration)
        for number, weight in enumerate(network.parameters()):
            torch.nn.init.constant_(weight, number)
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
        return open_pretrained(tmp_path, classes=("a", "b"), texts=1, seed=seed, longest=6)

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


@pytest.mark.parametrize("labels", [2, 3])
def test_of_a_directory_with_a_head_only_the_rest_is_kept(make, labels):
    bare, headed = (make(pad_token=PIECES[0], labels=one)[0].module for one in (None, labels))
    found = headed.state_dict()
    assert found["score.weight"].shape == (2, 4)
    for name, weight in bare.state_dict().items():
        torch.testing.assert_close(found[name], weight, rtol=0, atol=0)


@pytest.mark.parametrize("before", ["multi_label_classification", "regression", None])
def test_whatever_a_head_was_trained_for_the_new_one_tells_classes_apart(make, before):
    network, _ = make(pad_token=PIECES[0], labels=2, config={"problem_type": before})
    assert network.configuration.problem_type == "single_label_classification"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "has no padding token"),
        ({"weights": b"none"}, "cannot be opened: .* Name a directory with config.json"),
        ({"config": {"vocab_size": 5}}, r"its transformer.wte.weight have other sizes than"),
        ({"config": {"transformers_weights": "a.bin"}}, r"cannot be opened: .*its own choice"),
    ],
)
def test_what_cannot_be_begun_with_is_named(changes, message, make):
    with pytest.raises(UsageError, match=message):
        make(**changes)


def test_a_network_that_does_not_say_what_its_head_is_is_refused(make, monkeypatch):
    classifier = transformers.GPT2ForSequenceClassification
    monkeypatch.setattr(classifier, "base_model_prefix", "elsewhere")
    with pytest.raises(UsageError, match=r"GPT2ForSequenceClassification, of which .* its head is"):
        make(pad_token=PIECES[0], labels=2)


@pytest.mark.parametrize(("texts", "least"), [(1, 3), (2, 5)])
def test_an_input_has_place_for_a_word_of_each_text(texts, least, tmp_path):
    save_encoder(tmp_path)
    given = {"classes": ("a", "b"), "texts": texts, "seed": 0}
    for longest in range(1, least):
        with pytest.raises(UsageError, match=rf"of {longest} sub-.* --longest of at least {least}"):
            open_pretrained(tmp_path, longest=longest, **given)
    _, tokenizer = open_pretrained(tmp_path, longest=least, **given)
    pair = ["the film", "we saw a film"][:texts]
    read = encoder_tokenizer()(*pair, truncation=True, max_length=tokenizer.model_max_length)
    assert {*read.sequence_ids(), None} == {None, *range(texts)}
