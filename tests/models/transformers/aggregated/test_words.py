from dataclasses import replace

import pytest
import torch

from attnaudit.models.transformers.aggregated.words import per_word
from attnaudit.models.transformers.network import Inputs
from attnaudit.models.transformers.recording import record
from attnaudit.records import Document


@pytest.fixture
def apart(load):
    """A document of two words, of which the first begins and ends the text."""
    batch = load("bert").prepare([Document(id="a", text="film plot dull")])
    assert batch.word_of.tolist() == [[-1, 0, 1, 2, -1]]
    return replace(
        batch,
        tokens=(("film", "plot"),),
        mask=torch.ones(1, 2, dtype=torch.bool),
        token_ids=batch.token_ids[:, :2],
        word_of=torch.tensor([[-1, 0, 1, 0, -1]]),
    )


@pytest.mark.parametrize("each", [(), (3,), (2, 3)])
def test_pieces_of_a_word_count_together_wherever_they_stand(each, apart):
    values = torch.rand(1, 5, *each, generator=torch.Generator().manual_seed(0))
    wanted = torch.stack([values[0, 1] + values[0, 3], values[0, 2]])
    torch.testing.assert_close(per_word(values, apart)[0], wanted)


def test_what_belongs_to_no_word_has_no_part_in_any(apart):
    values = torch.tensor([[torch.nan, 1.0, 2.0, 4.0, torch.inf]])
    assert per_word(values, apart).tolist() == [[5.0, 2.0]]


def test_the_norm_of_a_word_does_not_need_its_pieces_side_by_side(load, apart):
    model = load("bert")
    [seen] = model.attend(apart, sites=["norm-based"])
    recorded = record(model.network, model.anatomy, Inputs.of(apart), layers=frozenset({2}))
    projection = model.network.module.get_submodule(model.anatomy.projection)
    weights = recorded.read.weights[2][0, :, 0]
    vectors = (weights.unsqueeze(2) * recorded.values[0]).transpose(0, 1).flatten(1)
    both, one = ((vectors[list(at)].sum(dim=0) @ projection.weight.T) for at in ((1, 3), (2,)))
    wanted = both.norm() / (both.norm() + one.norm())
    assert seen.attention[0, 0].item() == pytest.approx(wanted.item(), abs=1e-6)
