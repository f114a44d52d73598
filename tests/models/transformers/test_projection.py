import pytest
import torch
from torch import nn

from attnaudit.models.transformers.network import Network
from attnaudit.models.transformers.probe import probe_inputs
from attnaudit.models.transformers.projection import find_projection

from .conftest import tiny_network

PROJECTIONS = {
    "bert": "bert.encoder.layer.2.attention.output.dense",
    "distilbert": "distilbert.transformer.layer.2.attention.out_lin",
    "roberta": "roberta.encoder.layer.2.attention.output.dense",
    "electra": "electra.encoder.layer.2.attention.output.dense",
    "albert": "albert.encoder.albert_layer_groups.0.albert_layers.0.attention.dense",
    "deberta": "deberta.encoder.layer.2.attention.output.dense",
    "deberta-v2": "deberta.encoder.layer.2.attention.output.dense",
    "modernbert": "model.layers.2.attn.Wo",
    "gpt2": "transformer.h.2.attn.c_proj",
    "llama": "model.layers.2.self_attn.o_proj",
    "qwen2": "model.layers.2.self_attn.o_proj",
}


@pytest.mark.parametrize("family", PROJECTIONS)
def test_it_is_the_module_that_each_family_transforms_the_mixture_with(family, load):
    assert load(family).anatomy.projection == PROJECTIONS[family]


class _Curved(nn.Module):
    """Reads the mixture, and is not affine."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.eye(16))

    def forward(self, mixed):
        return torch.tanh(mixed @ self.weight)


@pytest.mark.parametrize(
    ("instead", "found"),
    [
        (nn.Sequential(nn.Dropout(0.5), nn.Linear(16, 16)), True),
        (nn.Sequential(nn.LayerNorm(16), nn.Linear(16, 16)), False),
        (_Curved(), False),
        (nn.Identity(), False),
    ],
)
def test_what_reads_something_else_or_bends_it_is_none(instead, found):
    # Chosen as it is built: older releases of the library let nothing be changed afterwards.
    module = tiny_network("bert", attn_implementation="eager").double()
    module.bert.encoder.layer[2].attention.output.dense = instead.double()
    module.eval()
    network = Network(module, segmented=True)
    probe = probe_inputs(network, padding=0, longest=40, device=torch.device("cpu"))
    assert (find_projection(network, probe, heads=(2, 2, 2)) is not None) == found
