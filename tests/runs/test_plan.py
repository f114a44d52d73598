import shutil

import pytest

from attnaudit.errors import UsageError
from attnaudit.runs.plan import Request, make_plan


def plan_of(*models, **options):
    return make_plan(Request(models=tuple(str(model) for model in models), **options))


def test_claims_models_and_sites_are_all_counted(planted_directories):
    models = planted_directories.values()
    plan = plan_of(*models, sites=("attention", "other"))
    assert len(plan.cases) == 3 * 2 * 8
    assert plan.level == pytest.approx(0.025 / 48)


def test_every_case_has_its_own_name(planted_directories):
    plan = plan_of(*planted_directories.values(), sites=("attention", "other"))
    assert len({case.id for case in plan.cases}) == len(plan.cases)


def test_two_models_of_one_name_are_told_apart_in_any_order(planted_directories, tmp_path):
    first = planted_directories["faithful"]
    second = shutil.copytree(first, tmp_path / "faithful")
    forwards = {subject.name for subject in plan_of(first, second).subjects}
    backwards = {subject.name for subject in plan_of(second, first).subjects}
    assert len(forwards) == 2
    assert forwards == backwards


def test_one_model_named_twice_is_refused(planted_directories):
    model = planted_directories["faithful"]
    with pytest.raises(UsageError, match="twice"):
        plan_of(model, model)


def test_claims_of_the_command_line_win_over_those_of_the_model(planted_directories, tmp_path):
    model = shutil.copytree(planted_directories["faithful"], tmp_path / "model")
    text = (
        'schema = 1\n[[claim]]\nid = "{}"\nstatement = "x"\naudit = "permutation"\n'
        'at_least = 0.1\nkind = "faithfulness"\ninference = "necessary"\n'
    )
    (model / "claims.toml").write_text(text.format("its-own"))
    given = tmp_path / "given.toml"
    given.write_text(text.format("given"))
    assert [case.claim.id for case in plan_of(model).cases] == ["its-own"]
    assert [case.claim.id for case in plan_of(model, claims=given).cases] == ["given"]
    assert len(plan_of(planted_directories["faithful"]).cases) == 8


def test_labels_become_class_names(planted_directories, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("text,label\na film,1\nthe story,0\n")
    [subject] = plan_of(planted_directories["faithful"], data=str(path)).subjects
    assert [document.label for document in subject.documents] == ["positive", "negative"]


def test_of_data_with_splits_the_test_rows_are_audited(planted_directories, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("text,label,exp_split\na film,1,train\nthe story,0,test\n")
    [subject] = plan_of(planted_directories["faithful"], data=str(path)).subjects
    assert [document.text for document in subject.documents] == ["the story"]
