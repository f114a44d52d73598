"""Every family of networks: whatever holds must hold for all of them."""

import sys
from itertools import product

import pytest
import torch

from attnaudit.adversaries import search_adversary
from attnaudit.errors import PreflightError
from attnaudit.measurements.permutation import permutation
from attnaudit.models.preflight import preflight
from attnaudit.models.transformers.loading import load_transformer
from attnaudit.records import Document

from .conftest import SUPPORTED, transformers

SITES = ("layer.last", "layers", "layer.0", "layer.1.head.1")
HOOKED = [name for name in SUPPORTED if not name.startswith(("deberta", "openai"))]
"""Families whose attention is one function that a test can replace."""
SEEING = ["bert", "distilbert", "roberta", "electra", "albert", "modernbert"]
"""Those of them in which all positions see each other, and one is read."""


@pytest.fixture(params=SUPPORTED)
def model(request, load):
    return load(request.param)


def test_attention_put_in_place_of_itself_changes_nothing(model, texts):
    preflight(model, model.prepare(texts), sites=SITES)


@pytest.mark.parametrize("family", ["bert", "llama"])
def test_the_same_holds_in_single_precision(family, load, texts):
    model = load(family, dtype=torch.float32)
    preflight(model, model.prepare(texts), sites=SITES)


@pytest.mark.parametrize("family", ["nystromformer", "longformer", "xlnet"])
def test_a_family_that_cannot_be_audited_is_refused_by_name(family, make_directory):
    with pytest.raises(PreflightError, match=rf"(?i)attention of this {family}ForSequence"):
        load_transformer(make_directory(family))


@pytest.mark.parametrize(
    ("family", "site"),
    [
        *product([*HOOKED, "gpt2-pads-with-eos"], ["layer.last", "layer.1.head.1"]),
        *product(SEEING, ["layer.1.head.1.every"]),
    ],
)
def test_replaced_attention_is_what_the_network_computes_with(
    family, site, load, texts, monkeypatch
):
    model = load(family)
    batch = model.prepare(texts)
    [attended] = model.attend(batch, sites=[site])
    readout = attended.readout
    draw = torch.rand(attended.rows.shape, generator=torch.Generator().manual_seed(1)).double()
    draw = draw * attended.mask.unsqueeze(1)
    other = draw / draw.sum(dim=2, keepdim=True)
    layer, heads = (2, [0, 1]) if site == "layer.last" else (1, [1])
    rows = readout.rows.over_pieces(other.unsqueeze(1)).squeeze(1)
    read = [
        max(place for place, piece in enumerate(row) if piece != model.reader.padding)
        if model.anatomy.reads == "last"
        else 0
        for row in batch.piece_ids.tolist()
    ]

    module = sys.modules[type(model.network.module).__module__]
    older = transformers.__version__.startswith("4.")
    if older and (
        family.startswith("modernbert") or not hasattr(module, "eager_attention_forward")
    ):
        pytest.skip(f"transformers {transformers.__version__} has no such function of {family}")
    original = module.eager_attention_forward
    calls = []

    def attention(attending, query, key, value, *args, **settings):
        result, weights = original(attending, query, key, value, *args, **settings)
        calls.append(1)
        if len(calls) - 1 != layer:
            return result, weights
        weights = weights.double().clone()
        for unit in range(len(rows)):
            wanted = rows[unit].reshape(len(heads), -1, rows.shape[2])
            if site.endswith(".every") or model.anatomy.reads == "every":
                real = batch.piece_mask[unit]
                for place, head in enumerate(heads):
                    weights[unit, head, real] = wanted[place][real]
            else:
                for place, head in enumerate(heads):
                    weights[unit, head, read[unit]] = wanted[place, 0]
        values = value.repeat_interleave(weights.shape[1] // value.shape[1], dim=1)
        return (weights @ values).transpose(1, 2).contiguous(), weights

    monkeypatch.setattr(module, "eager_attention_forward", attention)
    with torch.no_grad():
        asked = {"input_ids": batch.piece_ids, "attention_mask": batch.piece_mask.long()}
        expected = model.network.module(**asked).logits.softmax(dim=1)
    assert len(calls) == 3
    torch.testing.assert_close(
        readout.replace(other.unsqueeze(1)).squeeze(1), expected, rtol=0, atol=2e-6
    )
    moved = (expected - attended.probabilities).abs().max()
    assert moved > 1e-4, "the alternative must matter for this to say anything"


def test_a_document_without_a_word_is_one_that_was_written_without_it(model, texts):
    batch = model.prepare(texts)
    found = model.leave_one_out(batch)
    for row, words in enumerate(batch.tokens):
        for word in range(len(words) if len(words) > 1 else 0):
            rest = words[:word] + words[word + 1 :]
            written = model.prepare([Document(id="rest", tokens=rest)])
            [attended] = model.attend(written, sites=["layer.last"])
            # Some networks normalise in single precision even where all else is double.
            torch.testing.assert_close(
                found[row, word], attended.probabilities[0], rtol=0, atol=2e-6
            )


def test_no_other_document_of_a_batch_matters(model, texts):
    [together] = model.attend(model.prepare(texts), sites=["layers"])
    for row, document in enumerate(texts):
        [alone] = model.attend(model.prepare([document]), sites=["layers"])
        length = len(alone.tokens[0])
        for one, other in (
            (together.probabilities[row], alone.probabilities[0]),
            (together.attention[row, :length], alone.attention[0]),
        ):
            torch.testing.assert_close(one, other, rtol=0, atol=2e-6)


def test_a_search_finds_distant_attention_that_the_readout_confirms(model, texts):
    [attended] = model.attend(model.prepare(texts[:1]), sites=["layer.last"])
    starts = torch.randn(1, 2, 4, generator=torch.Generator().manual_seed(0)).double()
    found = search_adversary(
        attended.attention, attended.mask, attended.readout, max_tvd=0.2, starts=starts, steps=15
    )
    assert 0.001 < found.divergence.item() <= found.free_maximum.item()
    assert found.tvd.item() <= 0.2 + 1e-6


def test_shuffling_moves_an_output_that_depends_on_attention(model, texts):
    rows = permutation(model, model.prepare(texts), site="layers", draws=5, seed=0)
    changes = {row.document: row.value for row in rows if row.quantity == "tvd"}
    assert changes["d1"] == pytest.approx(0, abs=1e-6), "one word has one order"
    assert max(changes.values()) > 1e-3
