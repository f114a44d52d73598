from types import SimpleNamespace

import pytest
import torch
from torch import nn

from attnaudit.errors import PreflightError
from attnaudit.models.transformers.loading import load_transformer
from attnaudit.models.transformers.longest import longest_input
from attnaudit.models.transformers.network import Network
from attnaudit.records import Document

from .conftest import tiny_network, tiny_tokenizer


def longest(family, limit, **changes):
    network = Network(tiny_network(family, **changes).eval(), segmented=False)
    return longest_input(tiny_tokenizer(model_max_length=limit), network)


@pytest.mark.parametrize(
    ("family", "limit", "expected"),
    [
        ("bert", 32, 32),
        ("bert", 10**30, 40),
        ("gpt2", 10**30, 40),
        # These count positions from the one behind the padding's number, 0 and 1.
        ("roberta", 10**30, 39),
        ("mpnet", 10**30, 38),
        ("mpnet", 38, 38),
        ("mpnet", 39, 38),
    ],
)
def test_the_longest_input_is_the_shorter_of_what_tokeniser_and_network_take(
    family, limit, expected
):
    assert longest(family, limit) == expected


def test_a_network_that_computes_its_positions_is_as_long_as_it_says():
    assert longest("llama", 10**30, max_position_embeddings=10**5) == 10**5


def test_a_network_that_takes_less_than_it_says_is_refused():
    # It counts from behind 1, whatever the number of the padding is.
    with pytest.raises(PreflightError, match="fails at an input of 40 sub-tokens"):
        longest("mpnet", 10**30, pad_token_id=0)


class _Bare(nn.Module):
    """Positions, and no list of blocks behind them."""

    def __init__(self, positions):
        super().__init__()
        self.config = SimpleNamespace(pad_token_id=4, max_position_embeddings=9)
        self.embedding = nn.Embedding(5, 2)
        self.positions = nn.Embedding(positions, 2)

    def get_input_embeddings(self):
        return self.embedding

    def forward(self, input_ids, attention_mask, return_dict):
        assert return_dict
        assert attention_mask.all()
        assert 4 not in input_ids, "padding has no position"
        return SimpleNamespace(
            logits=self.positions(torch.arange(input_ids.shape[1])).sum(dim=0, keepdim=True)
        )


@pytest.mark.parametrize(("positions", "expected"), [(9, 9), (8, 4)])
def test_a_network_without_a_list_of_blocks_is_run_whole(positions, expected):
    network = Network(_Bare(positions), segmented=False)
    assert longest_input(tiny_tokenizer(model_max_length=10**30), network) == expected


@pytest.mark.parametrize("family", ["bert", "roberta", "gpt2"])
def test_a_document_at_the_limit_is_audited(family, make_directory):
    model = load_transformer(make_directory(family, tokenizer={"model_max_length": 10**30}))
    batch = model.prepare([Document(id="long", text="film " * 60)])
    assert batch.truncated == ("long",)
    assert batch.piece_ids.shape[1] == model.reader.longest
    [attended] = model.attend(batch, sites=["layer.last"])
    assert torch.isfinite(attended.probabilities).all()
