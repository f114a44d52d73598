import torch

from attnaudit.data.vocabulary import SPECIALS, Vocabulary
from attnaudit.models.digest import model_digest


def digest(make_configuration, *, weight=1.0, dtype=torch.float64, words=("a",), **changes):
    network = torch.nn.Linear(2, 1).to(dtype).requires_grad_(False)
    network.weight.fill_(weight)
    network.bias.fill_(0.5)
    return model_digest(network, make_configuration(**changes), Vocabulary((*SPECIALS, *words)))


def test_each_part_of_a_model_changes_its_digest(make_configuration):
    digests = {
        digest(make_configuration),
        digest(make_configuration, weight=1.0 + 2**-50),
        digest(make_configuration, words=("b",)),
        digest(make_configuration, max_tokens=9),
    }
    assert len(digests) == 4


def test_the_precision_of_the_same_numbers_does_not_change_the_digest(make_configuration):
    single = digest(make_configuration, weight=0.25, dtype=torch.float32)
    assert single == digest(make_configuration, weight=0.25)
