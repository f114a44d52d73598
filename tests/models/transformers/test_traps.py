"""Ways in which reading a transformer's attention has gone wrong, each as a test."""

import pytest
import torch
import transformers
from torch import nn

from attnaudit.errors import PreflightError
from attnaudit.models.preflight import preflight
from attnaudit.models.transformers.anatomy import find_anatomy
from attnaudit.models.transformers.loading import load_transformer
from attnaudit.models.transformers.network import Inputs, Network
from attnaudit.models.transformers.probe import probe_inputs
from attnaudit.models.transformers.recording import record
from attnaudit.models.transformers.tap import tapped
from attnaudit.models.transformers.verification import verified_anatomy

from .conftest import VOCABULARY, tiny_network, tiny_tokenizer


def test_padding_has_no_weight_and_changes_nothing(load, texts):
    model = load("bert")
    batch = model.prepare(texts)
    recorded = record(model.network, model.anatomy, Inputs.of(batch), layers=frozenset({0, 1, 2}))
    for weights in recorded.read.weights.values():
        padding = ~batch.piece_mask[:, None, None, :]
        assert float((weights * padding).abs().max()) == 0
    short = batch.piece_mask.sum(dim=1).argmin()
    alone = model.prepare([texts[int(short)]])
    torch.testing.assert_close(
        recorded.logits[short], model.network.logits(Inputs.of(alone)).detach()[0]
    )


def test_attention_is_plain_whatever_the_directory_asks_for(load):
    assert load("bert").network.configuration._attn_implementation == "eager"
    assert load("gpt2").network.configuration._attn_implementation == "eager"


def test_half_precision_on_disk_is_computed_in_full(tmp_path, texts):
    tiny_network("bert").to(torch.bfloat16).save_pretrained(tmp_path)
    tiny_tokenizer().save_pretrained(tmp_path)
    model = load_transformer(tmp_path, dtype=torch.float32)
    assert model.dtype == torch.float32
    preflight(model, model.prepare(texts))


def test_one_module_that_serves_several_layers_is_told_apart_by_its_calls(load, texts):
    model = load("albert")
    assert model.anatomy.layers == 3
    assert len(set(model.anatomy.blocks)) == 1
    first, last = model.attend(model.prepare(texts), sites=["layer.0", "layer.2"])
    assert float((first.attention - last.attention).abs().max()) > 1e-3
    even = first.mask / first.mask.sum(dim=1, keepdim=True)
    outputs = [one.readout(even.unsqueeze(1)) for one in (first, last)]
    assert float((outputs[0] - outputs[1]).abs().max()) > 1e-3


def test_weights_that_do_not_sum_to_one_are_refused(tmp_path):
    configuration = transformers.GptOssConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        intermediate_size=16,
        num_local_experts=2,
        num_experts_per_tok=1,
        pad_token_id=0,
    )
    transformers.GptOssForSequenceClassification(configuration).save_pretrained(tmp_path)
    tiny_tokenizer().save_pretrained(tmp_path)
    with pytest.raises(PreflightError, match="GptOssForSequenceClassification cannot be audited"):
        load_transformer(tmp_path)


def test_a_network_whose_output_depends_on_padding_is_refused(make_directory):
    # It attends to means over segments of the input, padding among them.
    with pytest.raises(PreflightError, match="an input alone and beside padding must give the sam"):
        load_transformer(make_directory("nystromformer"))


def test_a_tokeniser_that_pads_at_the_beginning_changes_nothing(make_directory, load, texts):
    left = load_transformer(make_directory("llama", tokenizer={"padding_side": "left"}))
    for model in (left, load("llama")):
        mask = model.prepare(texts).piece_mask
        assert bool((mask.long().diff(dim=1) <= 0).all()), "padding comes last"
    one, other = (
        model.attend(model.prepare(texts), sites=["layers"])[0] for model in (left, load("llama"))
    )
    torch.testing.assert_close(one.probabilities, other.probabilities)
    torch.testing.assert_close(one.attention, other.attention)


def test_nothing_before_a_replaced_weight_has_a_gradient(load, texts):
    model = load("bert")
    batch = model.prepare(texts)
    embedded = model.network.embedding(batch.piece_ids).detach()
    queries = [
        module.weight for name, module in model.network.module.named_modules() if "query" in name
    ]
    for weight in queries:
        weight.requires_grad_(True)
    try:
        with tapped(model.network.module, lambda softmax: softmax.weights.detach()):
            logits = model.network.logits(Inputs.of(batch))
        assert len(queries) == 3
        assert not logits.requires_grad
        whole = model.network.logits(Inputs.of(batch))
        slopes = torch.autograd.grad(whole.sum(), queries)
        assert all(float(slope.abs().max()) > 0 for slope in slopes)
    finally:
        for weight in queries:
            weight.requires_grad_(False)
    assert embedded.isfinite().all()


class _Fused(nn.Module):
    """A classifier whose attention torch computes inside one of its own functions."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20, 8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.head = nn.Linear(8, 2)

    def get_input_embeddings(self):
        return self.embedding

    def forward(self, input_ids, attention_mask, return_dict):
        assert return_dict
        hidden = self.embedding(input_ids)
        mixed, _ = self.attention(hidden, hidden, hidden, key_padding_mask=attention_mask == 0)
        return type("Result", (), {"logits": self.head(mixed[:, 0]), "attentions": ()})


def test_attention_inside_a_function_of_torch_is_refused():
    network = Network(_Fused().eval().requires_grad_(False), segmented=False)
    probe = probe_inputs(network, padding=0, longest=40, device=torch.device("cpu"))
    with pytest.raises(PreflightError, match="_Fused cannot be audited: no softmax"):
        verified_anatomy(network, network, probe)


def test_a_decoder_computes_every_layer_once_and_keeps_no_cache(load, texts):
    model = load("llama")
    calls = []
    with tapped(model.network.module, lambda softmax: calls.append(softmax.weights.shape)):
        model.network.logits(Inputs.of(model.prepare(texts)))
    width = model.prepare(texts).piece_ids.shape[1]
    assert calls == [(4, 2, width, width)] * 3


def test_no_parameter_is_differentiated_by_an_attack(load, texts):
    model = load("distilbert")
    assert not any(parameter.requires_grad for parameter in model.network.module.parameters())
    [attended] = model.attend(model.prepare(texts), sites=["layer.last"])
    weights = attended.attention.clone().requires_grad_(True)
    attended.readout(weights.unsqueeze(1))[:, 0, 0].sum().backward()
    assert float(weights.grad.abs().max()) > 0
    assert all(parameter.grad is None for parameter in model.network.module.parameters())


@pytest.mark.parametrize(
    ("family", "reads"),
    [
        ("bert", "first"),
        ("distilbert", "first"),
        ("gpt2", "last"),
        ("llama", "last"),
        ("modernbert", "first"),
        ("modernbert-mean", "every"),
    ],
)
def test_the_position_that_the_classifier_reads_is_found(family, reads, load):
    model = load(family)
    probe = probe_inputs(model.network, padding=0, longest=40, device=torch.device("cpu"))
    anatomy = find_anatomy(model.network, probe)
    assert anatomy is not None
    assert anatomy.reads == model.anatomy.reads == reads
    assert model.one_row == (reads != "every")


class _Scaled(Network):
    """A network whose logits are all larger by one factor."""

    def __init__(self, network, factor):
        super().__init__(network.module, segmented=True)
        self._factor = factor

    def logits(self, inputs):
        return super().logits(inputs) * self._factor


def test_other_logits_than_those_of_torch_s_own_function_are_an_error(load):
    network = load("bert").network
    probe = probe_inputs(network, padding=0, longest=40, device=torch.device("cpu"))
    verified_anatomy(network, _Scaled(network, 1 + 5e-6), probe)
    with pytest.raises(PreflightError, match=r"plain attention .* differ by .* where the largest"):
        verified_anatomy(network, _Scaled(network, 1 + 5e-5), probe)
