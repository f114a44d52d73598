import pytest
import torch

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


@pytest.mark.parametrize("family", ["bert", "roberta", "gpt2"])
def test_a_document_at_the_limit_is_audited(family, make_directory):
    model = load_transformer(make_directory(family, tokenizer={"model_max_length": 10**30}))
    batch = model.prepare([Document(id="long", text="film " * 60)])
    assert batch.truncated == ("long",)
    assert batch.piece_ids.shape[1] == model.reader.longest
    [attended] = model.attend(batch, sites=["layer.last"])
    assert torch.isfinite(attended.probabilities).all()
