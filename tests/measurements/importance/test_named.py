from typing import get_args

import pytest
import torch

from attnaudit.claims import Importance
from attnaudit.errors import InvalidArgumentError
from attnaudit.measurements import importance
from attnaudit.measurements.importance import named_importance

STEPLESS = [name for name in get_args(Importance) if name != "integrated-gradients"]


@pytest.fixture
def found(make_masking, documents):
    """A measure by its name, on the same documents."""
    model = make_masking()
    batch = model.prepare(documents)
    [attended] = model.attend(batch, sites=["attention"])

    def measure(name, **keys):
        return named_importance(name, model, batch, attended, **keys)

    measure.model, measure.batch, measure.attended = model, batch, attended
    return measure


def test_every_name_stands_for_the_measure_it_says(found):
    model, batch, attended = found.model, found.batch, found.attended
    expected = {
        "gradient": importance.gradient_importance(model, batch),
        "gradient-through-attention": importance.gradient_through_attention_importance(
            model, batch
        ),
        "gradient-norm": importance.gradient_norm_importance(model, batch),
        "attention-gradient": importance.attention_gradient_importance(
            attended, outputs=model.outputs
        ),
        "leave-one-out": importance.leave_one_out_importance(model, batch, attended.probabilities),
        "mask-one-out": importance.mask_one_out_importance(model, batch, attended.probabilities),
    }
    assert sorted(expected) == sorted(STEPLESS)
    for name, scores in expected.items():
        assert torch.equal(found(name), scores)
    integrated = importance.integrated_gradients_importance(model, batch, steps=4)
    assert torch.equal(found("integrated-gradients", steps=4), integrated)


def test_no_two_names_stand_for_the_same_numbers(found):
    scores = [found(name) for name in STEPLESS] + [found("integrated-gradients", steps=9)]
    for position, first in enumerate(scores):
        assert all(not torch.allclose(first, second) for second in scores[:position])


@pytest.mark.parametrize("name", STEPLESS)
def test_steps_are_refused_where_nothing_is_integrated(found, name):
    with pytest.raises(InvalidArgumentError, match=f"steps = 3 was given with importance '{name}'"):
        found(name, steps=3)


def test_an_integral_needs_its_steps(found):
    with pytest.raises(InvalidArgumentError, match="needs the number of its steps"):
        found("integrated-gradients")
