import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.training.scores import score, selection_score


def rank_oracle(scores, positive):
    """Share of (positive, negative) pairs in the right order, ties counting one half."""
    pairs = [
        (mine, other)
        for (mine, yes), (other, no) in itertools.product(
            zip(scores, positive, strict=True), repeat=2
        )
        if yes and not no
    ]
    return sum((mine > other) + 0.5 * (mine == other) for mine, other in pairs) / len(pairs)


def f1_oracle(predicted, targets, name):
    hits = sum(p == t == name for p, t in zip(predicted, targets, strict=True))
    claimed, real = predicted.count(name), targets.count(name)
    return 2 * hits / (claimed + real) if claimed + real else 0.0


cases = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=2, max_size=30).filter(
    lambda rows: len({target for _, target in rows}) == 2
)


@settings(max_examples=40, deadline=None)
@given(cases)
def test_binary_scores_are_their_definitions_with_ties_and_all(rows):
    p = [place / 8 for place, _ in rows]
    targets = [int(target) for _, target in rows]
    probabilities = torch.tensor([[1 - one, one] for one in p], dtype=torch.float64)
    found = score(probabilities, torch.tensor(targets))
    predicted = probabilities.argmax(dim=1).tolist()
    hits = sum(one == two for one, two in zip(predicted, targets, strict=True))
    assert found.accuracy == pytest.approx(hits / len(rows))
    assert found.f1 == pytest.approx(f1_oracle(predicted, targets, 1), abs=1e-6)
    assert found.auroc == pytest.approx(rank_oracle(p, targets), abs=1e-6)


def test_scores_of_three_classes_are_unweighted_means_over_them():
    generator = torch.Generator().manual_seed(0)
    probabilities = torch.rand(40, 3, generator=generator).softmax(dim=1)
    targets = torch.randint(0, 3, (40,), generator=generator)
    found = score(probabilities, targets)
    predicted = probabilities.argmax(dim=1).tolist()
    f1 = [f1_oracle(predicted, targets.tolist(), name) for name in range(3)]
    auroc = [
        rank_oracle(probabilities[:, name].tolist(), (targets == name).tolist())
        for name in range(3)
    ]
    assert found.f1 == pytest.approx(sum(f1) / 3, abs=1e-6)
    assert found.auroc == pytest.approx(sum(auroc) / 3, abs=1e-6)


@pytest.mark.parametrize("classes", [2, 3])
def test_without_a_class_there_is_no_area_under_the_curve(classes):
    probabilities = torch.full((4, classes), 1 / classes)
    assert score(probabilities, torch.zeros(4, dtype=torch.int64)).auroc is None


def test_epochs_are_compared_by_auroc_for_two_classes_and_accuracy_for_more():
    two = torch.tensor([[0.45, 0.55], [0.4, 0.6]])
    assert score(two, torch.tensor([0, 1])).accuracy == 0.5
    assert selection_score(two, torch.tensor([0, 1])) == 1.0
    three = torch.tensor([[0.4, 0.6, 0.0], [0.3, 0.7, 0.0], [0.0, 0.2, 0.8]])
    assert selection_score(three, torch.tensor([0, 1, 2])) == pytest.approx(2 / 3)
