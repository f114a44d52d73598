"""The paper's statistics against loops over documents, and the two ways of counting NaN."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.reproduction.statistics import (
    CORRELATIONS,
    group_statistics,
    groups_of,
    model_statistics,
)
from attnaudit.reproduction.tasks import named_task

NAN = math.nan


def everything(values):
    return np.ones(len(values.documents), dtype=bool)


def test_mean_deviation_and_share_are_those_of_a_loop_over_the_chosen_documents(make_values):
    values = make_values()
    chosen = values.predicted == "1"
    found = group_statistics(values, chosen, as_published=False)
    for name in CORRELATIONS:
        taus = [tau for tau, inside in zip(values.values[name], chosen, strict=True) if inside]
        pvalues = values.values[name.replace("tau", "p-value")]
        few = [p <= 0.05 for p, inside in zip(pvalues, chosen, strict=True) if inside]
        assert found[f"{name}:mean"] == pytest.approx(statistics.fmean(taus))
        # Divided by n, as the published files do.
        assert found[f"{name}:std"] == pytest.approx(statistics.pstdev(taus))
        assert found[f"{name}:significant"] == pytest.approx(sum(few) / len(few))
    assert found["documents:count"] == chosen.sum()


@settings(max_examples=25, deadline=None)
@given(weights=st.lists(st.floats(0.01, 1), min_size=5, max_size=40))
def test_each_document_is_in_the_one_bin_of_its_largest_weight(make_values_once, weights):
    changes = np.linspace(0, 1, len(weights))
    values = make_values_once(weights, changes)
    found = group_statistics(values, everything(values), as_published=False)
    for number, (low, high) in enumerate(((0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 2)), start=1):
        inside = [
            change for weight, change in zip(weights, changes, strict=True) if low <= weight < high
        ]
        expected = statistics.median(inside) if len(inside) >= 5 else NAN
        assert found[f"permutation:bin-{number}"] == pytest.approx(expected, nan_ok=True)


@pytest.fixture(scope="module")
def make_values_once():
    from dataclasses import replace  # noqa: PLC0415

    from attnaudit.reproduction.values import ModelValues  # noqa: PLC0415

    def make(weights, changes):
        count = len(weights)
        empty = np.full(count, NAN)
        names = [*CORRELATIONS, *(name.replace("tau", "p-value") for name in CORRELATIONS)]
        values = ModelValues(
            documents=tuple(map(str, range(count))),
            classes=("0", "1"),
            predicted=np.array(["0"] * count),
            label=(None,) * count,
            confidence=empty,
            lengths=np.ones(count, dtype=np.int64),
            largest=np.array(weights),
            values=dict.fromkeys((*names, "search", "exact"), empty),
            upper={},
            causes={},
        )
        return replace(values, values=dict(values.values) | {"permutation": changes})

    return make


@pytest.fixture
def one_undefined(make_values):
    return make_values(
        4, **{"tau-gradient": [0.2, NAN, 0.4, 0.6], "p-value-gradient": [0.01, NAN, 0.5, 0.05]}
    )


def test_an_undefined_correlation_is_left_out_and_counted(one_undefined):
    found = group_statistics(one_undefined, everything(one_undefined), as_published=False)
    assert found["tau-gradient:mean"] == pytest.approx(0.4)
    assert found["tau-gradient:significant"] == pytest.approx(2 / 3)
    assert found["tau-gradient:undefined"] == 1


def test_as_published_it_spoils_the_mean_and_is_not_significant(one_undefined):
    found = group_statistics(one_undefined, everything(one_undefined), as_published=True)
    assert math.isnan(found["tau-gradient:mean"])
    assert math.isnan(found["tau-gradient:std"])
    assert found["tau-gradient:significant"] == pytest.approx(2 / 4)
    # Other correlations of the same documents are as they were.
    assert not math.isnan(found["tau-leave-one-out:mean"])


def test_documents_outside_the_sample_are_no_part_of_the_divergence(make_values):
    values = make_values(4, exact=[0.1, NAN, 0.3, NAN])
    found = group_statistics(values, everything(values), as_published=False)
    assert (found["exact:mean"], found["exact:count"]) == (pytest.approx(0.2), 2)


def test_a_group_without_documents_has_no_numbers(make_values):
    values = make_values(4)
    found = group_statistics(values, np.zeros(4, dtype=bool), as_published=False)
    assert found["documents:count"] == 0
    assert math.isnan(found["tau-gradient:mean"])
    assert math.isnan(found["tau-gradient:significant"])


def test_groups_are_the_predicted_classes_and_only_when_asked_right_the_gold_ones(make_values):
    values = make_values()
    sst = named_task("sst")
    published = dict(groups_of(sst, values, as_published=True))
    assert list(published) == ["all", "0", "1"]
    assert published["1"].tolist() == [one == "1" for one in values.predicted]
    right = dict(groups_of(sst, values, as_published=False))
    assert list(right) == ["all", "0", "1", "label-0", "label-1"]
    assert right["label-0"].tolist() == [one == "0" for one in values.label]


def test_published_numbers_of_classes_are_not_those_of_their_sorted_names(make_values):
    values = make_values()
    values.predicted[:] = "World"
    groups = dict(groups_of(named_task("agnews"), values, as_published=True))
    assert groups["0"].all()
    assert not groups["1"].any()


def test_many_classes_are_not_told_apart(make_values):
    assert list(dict(groups_of(named_task("babi-1"), make_values(), as_published=False))) == ["all"]


def test_the_accuracy_is_of_all_documents(make_values):
    found = model_statistics(named_task("sst"), make_values(), accuracy=0.75, as_published=True)
    assert found["all", "model:accuracy"] == 0.75
    assert ("0", "model:accuracy") not in found
