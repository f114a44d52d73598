"""What may be asked for, and in which order it is done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnaudit.errors import UsageError
from attnaudit.reproduction.request import Request
from attnaudit.reproduction.tasks import TASKS, named_task
from attnaudit.training.recipes import RECIPES


def test_the_first_seed_of_all_tasks_comes_before_the_second_of_any(tmp_path):
    request = Request(
        out=tmp_path,
        tasks=("sst", "snli"),
        encoders=("cnn", "average"),
        attentions=("dot",),
        seeds={"sst": 2},
    )
    assert [training.name for training in request.trainings()] == [
        *("sst-cnn-dot-0", "sst-average-dot-0", "snli-cnn-dot-0", "snli-average-dot-0"),
        *("sst-cnn-dot-1", "sst-average-dot-1"),
    ]


@given(seeds=st.dictionaries(st.sampled_from(sorted(TASKS)), st.integers(1, 4)))
def test_every_model_is_named_once(tmp_path_factory, seeds):
    request = Request(out=tmp_path_factory.getbasetemp(), tasks=tuple(TASKS), seeds=seeds)
    names = [training.name for training in request.trainings()]
    assert len(set(names)) == len(names) == 6 * sum(seeds.get(task, 1) for task in TASKS)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tasks": ("sst", "mnist")}, "--tasks: unknown 'mnist'; choose from sst"),
        ({"encoders": ("lstm",)}, "--encoders: unknown 'lstm'; choose from bilstm"),
        ({"attentions": ("dot", "dot")}, "--attentions dot,dot: name each once"),
        ({"tasks": ()}, "--tasks names none"),
        ({"encoders": ()}, "--encoders names none"),
        ({"data": {"mnist": "path"}}, "--data: unknown 'mnist'"),
        ({"seeds": {"sst": 0}}, "--seeds sst must be at least 1; found 0"),
        ({"sample": 0}, "--sample must be at least 1; found 0"),
    ],
)
def test_what_does_not_exist_is_refused_by_name(tmp_path, changes, message):
    with pytest.raises(UsageError, match=message):
        Request(out=tmp_path, **changes)


def test_notes_that_are_not_there_are_refused_before_anything_is_trained(tmp_path):
    with pytest.raises(UsageError, match=r"--notes .*none\.md: there is no such file"):
        Request(out=tmp_path, notes=tmp_path / "none.md")


def test_a_task_that_does_not_exist_is_refused():
    with pytest.raises(UsageError, match="there is no task 'mnist'"):
        named_task("mnist")


@pytest.mark.parametrize("task", TASKS.values(), ids=lambda task: task.name)
def test_every_task_has_a_recipe_and_candidates_exactly_if_it_asks(task):
    assert task.recipe in RECIPES
    assert (task.settings.candidates is not None) == task.two_texts
