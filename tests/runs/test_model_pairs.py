import pytest

from attnaudit.claims import default_claims
from attnaudit.errors import UsageError
from attnaudit.runs.model_pairs import name_in_new, pair_models
from attnaudit.store.rows import error_row


@pytest.fixture
def run_of(faithful_run, changed):
    """A run about models of these names and sites; `broken` models could not be measured."""

    def make(*names, broken=()):
        [entry] = faithful_run.run.models
        models = [
            entry.model_copy(update={"name": name, "site": site})
            for name, _, site in (one.partition("/") for one in names)
        ]
        [claim, *_] = default_claims().claims
        rows = tuple(error_row(claim, "broken", model=name, site="default") for name in broken)
        return changed(faithful_run, models=tuple(models), claims=rows)

    return make


def names(pairs):
    return [tuple(one and f"{one.name}/{one.site}" for one in pair) for pair in pairs]


def test_models_are_paired_by_name_and_site(run_of):
    old, new = run_of("a/x", "a/y", "b/x"), run_of("b/x", "a/y", "c/x")
    assert names(pair_models(old, new)) == [
        ("a/x", None),
        ("a/y", "a/y"),
        ("b/x", "b/x"),
        (None, "c/x"),
    ]


def test_a_single_model_may_change_its_name(run_of):
    pairs = pair_models(run_of("model-1.0/x"), run_of("model-1.1/x"))
    assert names(pairs) == [("model-1.0/x", "model-1.1/x")]


def test_a_single_measured_model_among_several_may_not_stand_for_another(run_of):
    with pytest.raises(UsageError, match=r"no model of .* has a counterpart"):
        pair_models(run_of("a/x"), run_of("b/x", broken=["a"]))


def test_trainings_of_two_recipes_are_not_pooled_and_the_message_says_so(run_of):
    old, new = run_of("old-1/x", "old-2/x", "old-3/x"), run_of("new-1/x", "new-2/x", "new-3/x")
    with pytest.raises(UsageError, match="never pooled as trainings of one recipe"):
        pair_models(old, new)


def test_a_run_that_measured_nothing_pairs_with_nothing(run_of):
    pairs = pair_models(run_of("a/x"), run_of(broken=["a"]))
    assert names(pairs) == [("a/x", None)]


def test_an_old_run_that_measured_nothing_is_no_baseline(run_of):
    with pytest.raises(UsageError, match="measured no model"):
        pair_models(run_of(), run_of("a/x"))


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        (["a/x"], {"broken": ["b"]}, "b"),
        (["a/x", "c/x"], {"broken": ["b"]}, "a"),
        (["a/x"], {"broken": ["b", "c"]}, "a"),
    ],
)
def test_a_model_that_broke_goes_by_another_name_only_where_each_run_has_one(
    run_of, old, new, name
):
    assert name_in_new(run_of(*old).run, run_of(**new).run, "a") == name
