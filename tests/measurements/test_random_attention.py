import random
from collections import Counter
from dataclasses import replace

import pytest
import scipy.stats
import torch

from attnaudit.measurements.random_attention import NETWORKS, UntrainedModels

SITE = "attention"


@pytest.fixture
def networks(make_model):
    return [make_model(seed=10 + number) for number in range(NETWORKS)]


@pytest.fixture
def untrained(networks):
    return UntrainedModels(draw=networks.__getitem__, seed=0)


def many(documents):
    """Enough that every network has some, of other words each."""
    words = sorted({word for one in documents for word in one.tokens})
    draw = random.Random(1)  # noqa: S311
    return [
        replace(documents[0], id=f"many-{number}", tokens=tuple(draw.choices(words, k=length)))
        for number in range(12)
        for length in (2, 5, 9)
    ][::-1]


@pytest.mark.parametrize("count", [1, 2, NETWORKS])
def test_every_row_is_what_its_own_networks_attend_to_alone(
    make_model, documents, networks, untrained, count
):
    some = many(documents)
    batch = make_model().prepare(some)
    found = untrained.attentions(batch, site=SITE, count=count)
    assert len(found) == count
    used = set()
    for row, document in enumerate(some):
        for place, attention in enumerate(found):
            number = (untrained.number_of(document.id) + place) % NETWORKS
            alone = networks[number].prepare([document])
            [attended] = networks[number].attend(alone, sites=[SITE])
            length = len(document.tokens)
            torch.testing.assert_close(
                attention[row, :length], attended.attention[0], rtol=0, atol=1e-12
            )
            assert attention[row, length:].eq(0).all()
            used.add(number)
    assert used == set(range(NETWORKS))


def test_documents_are_shared_out_evenly_and_every_seed_does_it_otherwise(networks):
    names = [f"document {number}" for number in range(2_000)]
    by_seed = []
    for seed in (0, 1):
        untrained = UntrainedModels(draw=networks.__getitem__, seed=seed)
        by_seed.append([untrained.number_of(name) for name in names])
        counts = Counter(by_seed[-1])
        assert counts.keys() == set(range(NETWORKS))
        assert scipy.stats.chisquare(list(counts.values())).pvalue > 1e-4
    same = sum(one == other for one, other in zip(*by_seed, strict=True))
    assert scipy.stats.binomtest(same, len(names), 1 / NETWORKS).pvalue > 1e-4


def test_no_network_reads_more_documents_than_are_its_own(make_model, documents):
    read = Counter()

    class Counting:
        def __init__(self, number):
            self.model = make_model(seed=number)

        def attend(self, batch, *, sites):
            read.update(batch.documents)
            return self.model.attend(batch, sites=sites)

    batch = make_model().prepare(documents)
    UntrainedModels(draw=Counting, seed=0).attentions(batch, site=SITE, count=2)
    assert read == Counter({document.id: 2 for document in documents})


def test_a_network_is_let_go_before_the_next_is_drawn(make_model, documents):
    alive, most = set(), []

    class Mortal:
        def __init__(self, number):
            self.model, self.number = make_model(seed=number), number
            alive.add(number)
            most.append(len(alive))

        def attend(self, batch, *, sites):
            [attended] = self.model.attend(batch, sites=sites)
            # What is attended keeps a transformer alive.
            return (replace(attended, readout=Held(attended.readout, self)),)

        def __del__(self):
            alive.discard(self.number)

    class Held:
        def __init__(self, readout, model):
            self.readout, self.model = readout, model

        def __call__(self, attention):
            return self.readout(attention)

        def replace(self, rows):
            return self.readout.replace(rows)

        def logits(self, attention):
            return self.readout.logits(attention)

        def select(self, index):
            return self.readout.select(index)

    batch = make_model().prepare(many(documents))
    UntrainedModels(draw=Mortal, seed=0).attentions(batch, site=SITE, count=2)
    assert most == [1] * NETWORKS
