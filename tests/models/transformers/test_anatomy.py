from dataclasses import replace

import pytest
import torch

from attnaudit.errors import PreflightError
from attnaudit.models.preflight import preflight
from attnaudit.models.transformers.anatomy import find_anatomy, last_read
from attnaudit.models.transformers.network import Inputs, Network
from attnaudit.models.transformers.probe import probe_inputs
from attnaudit.records import Document


def test_a_decoder_reads_the_last_piece_that_is_not_the_one_of_padding():
    ids = torch.tensor([[5, 6, 7, 0], [5, 0, 0, 0], [5, 0, 6, 0], [0, 0, 0, 0]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 1, 0], [1, 0, 0, 0]]).bool()
    inputs = Inputs(ids=ids, mask=mask, segments=ids * 0)
    assert last_read(inputs, padding=0).tolist() == [2, 0, 2, 0]


def test_one_made_up_input_ends_in_the_piece_of_padding(load):
    probe = probe_inputs(load("bert").network, padding=0, longest=40, device=torch.device("cpu"))
    last = probe.mask.sum(dim=1) - 1
    ends = probe.ids[torch.arange(len(probe)), last]
    assert (ends == 0).tolist() == [False, True, False]
    assert (last - last_read(probe, padding=0)).tolist() == [0, 1, 0]


def test_a_decoder_is_not_said_to_read_a_piece_that_it_does_not_read(load):
    network = load("gpt2").network
    told = Network(network.module, segmented=False)
    probe = probe_inputs(network, padding=0, longest=40, device=torch.device("cpu"))
    assert find_anatomy(told, probe).reads == "last"
    # As if it went by the mask: its padding is another piece than the one in the input.
    other = replace(probe, ids=torch.where(probe.ids == 0, 1, probe.ids))
    assert find_anatomy(told, other).reads == "every"


def test_a_decoder_whose_padding_ends_every_text_is_audited_where_it_reads(load, texts):
    model = load("gpt2-pads-with-eos")
    assert model.anatomy.reads == "last"
    assert model.one_row
    batch = model.prepare(texts)
    assert batch.piece_ids[:, 3:].eq(3).any(dim=1).all(), "every text ends in padding's piece"
    preflight(model, batch, sites=("layer.last", "layers", "layer.1.head.1"))
    [attended] = model.attend(batch, sites=["layer.last"])
    even = attended.mask / attended.mask.sum(dim=1, keepdim=True)
    moved = attended.readout(even.unsqueeze(1)).squeeze(1) - attended.probabilities
    assert float(moved[0].abs().max()) > 1e-4


def test_a_word_behind_what_a_decoder_reads_is_an_error(load):
    model = load("gpt2-pads-with-eos")
    batch = model.prepare([Document(id="odd", text="the film was great [SEP]")])
    with pytest.raises(PreflightError, match=r"'odd': .* a decoder sees nothing behind"):
        model.attend(batch, sites=["layer.last"])
