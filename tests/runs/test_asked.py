"""Claims that cannot be asked where attention cannot be replaced."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

import attnaudit
from attnaudit.claims import default_claims
from attnaudit.data import documents_digest
from attnaudit.errors import PreflightError, UsageError
from attnaudit.models import PaperModel, Site, faithful_model
from attnaudit.runs.auditor import Auditor
from attnaudit.runs.compared import compare_runs, overall_rows
from attnaudit.runs.judged import judge_again
from attnaudit.runs.plan import Request, Subject, make_plan, plan_subjects
from attnaudit.runs.stored import StoredRun, open_run
from attnaudit.store.directory import create_run_directory
from attnaudit.verdicts import direction_level


@pytest.fixture
def transformer(tmp_path):
    """A folder that says that it holds a transformer with 2 layers of 3 heads."""

    def make(name="bert", *, layers=2, heads=3):
        path = tmp_path / name
        path.mkdir()
        fields = {"model_type": "bert", "num_hidden_layers": layers, "num_attention_heads": heads}
        (path / "config.json").write_text(json.dumps(fields))
        return str(path)

    return make


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "texts.csv"
    path.write_text("text,label\na film,good\nthe story,bad\n")
    return str(path)


def asked_without_replacing(claims):
    """By the definition of each audit, told by hand."""
    return [
        claim.id
        for claim in claims
        if claim.audit == "randomisation"
        or (claim.audit == "agreement" and claim.importance != "attention-gradient")
    ]


class FixedModel(PaperModel):
    """A model whose attention can be read and not replaced."""

    sites = (Site(name="attention", replaceable=False),)


def fixed_model():
    model = faithful_model()
    return FixedModel(model.network, model.configuration, model.vocabulary)


@pytest.fixture(scope="module")
def fixed_run(planted_documents, tmp_path_factory):
    path = tmp_path_factory.mktemp("fixed")
    attnaudit.audit(fixed_model(), planted_documents[:60], sites=["attention"], report=path)
    return open_run(path)


@pytest.fixture(scope="module")
def ranking_run(planted_documents, tmp_path_factory):
    """The same model, audited by claims of which each can be asked."""
    path = tmp_path_factory.mktemp("ranking")
    claims = only("agreement")
    attnaudit.audit(fixed_model(), planted_documents[:60], claims, report=path)
    return open_run(path)


def test_at_an_aggregated_site_only_what_replaces_nothing_is_planned(transformer, texts):
    request = Request(models=(transformer(),), data=texts, sites=("rollout", "layers"))
    plan = make_plan(request)
    claims = default_claims().claims
    asked = asked_without_replacing(claims)
    planned = [case.claim.id for case in plan.cases if case.site == "rollout"]
    assert planned == asked
    assert len(asked) == 3
    [left_out] = plan.not_asked
    assert (left_out.model, left_out.site) == ("bert", "rollout")
    assert set(left_out.claims) == {claim.id for claim in claims} - set(asked)


def test_what_is_not_asked_spends_no_error_probability(transformer, texts):
    claims = len(default_claims().claims)
    one = Request(models=(transformer(),), data=texts, sites=("rollout",))
    assert make_plan(one).level == direction_level(3)
    assert make_plan(replace(one, sites=("rollout", "layers"))).level == direction_level(3 + claims)


def test_a_site_at_which_nothing_can_be_asked_is_refused(transformer, texts, tmp_path):
    path = tmp_path / "claims.toml"
    common = 'statement = "s"\nkind = "faithfulness"\ninference = "necessary"\nat_least = 0.1\n'
    path.write_text(
        "schema = 1\n"
        f'[[claim]]\nid = "order"\naudit = "permutation"\n{common}'
        f'[[claim]]\nid = "slope"\naudit = "agreement"\nimportance = "attention-gradient"\n{common}'
    )
    request = Request(models=(transformer(),), data=texts, claims=path, sites=("rollout",))
    with pytest.raises(UsageError, match=r"attention at rollout cannot be replaced.*order, slope"):
        make_plan(request)
    assert len(make_plan(replace(request, sites=("layers",))).cases) == 2


def test_each_model_has_the_layers_and_heads_of_its_own_directory(transformer, texts):
    small, large = transformer("small", layers=1, heads=2), transformer("large", layers=2, heads=1)
    request = Request(models=(small, large), data=texts, sites=("layer.*.head.*", "layer.0.head.0"))
    found = dict.fromkeys((case.subject.name, case.site) for case in make_plan(request).cases)
    assert list(found) == [
        ("small", "layer.0.head.0"),
        ("small", "layer.0.head.1"),
        ("large", "layer.0.head.0"),
        ("large", "layer.1.head.0"),
    ]


def test_a_pattern_changes_no_id_of_a_case(transformer, texts):
    model = transformer()
    request = Request(models=(model,), data=texts, sites=("layer.*.head.2", "layer.1"))
    named = replace(request, sites=("layer.0.head.2", "layer.1.head.2", "layer.1"))
    ids = [case.id for case in make_plan(request).cases]
    assert ids == [case.id for case in make_plan(named).cases]
    assert len(set(ids)) == len(ids) == 3 * len(default_claims().claims)


def test_a_pattern_about_the_embedded_model_says_that_its_layers_cannot_be_counted():
    with pytest.raises(UsageError, match="its layers and heads cannot be counted"):
        make_plan(Request(sites=("layer.*",)))


def test_counting_layers_imports_no_torch(transformer, texts):
    code = (
        "import sys\n"
        "from attnaudit.runs.plan import Request, make_plan\n"
        f"given = {{'models': ({transformer()!r},), 'data': {texts!r}}}\n"
        "plan = make_plan(Request(**given, sites=('layer.*.head.*',)))\n"
        "sys.exit(len(plan.cases) != 6 * 8 or 'torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_open_model_is_asked_what_its_own_sites_allow(fixed_run):
    claims = default_claims().claims
    asked = asked_without_replacing(claims)
    run = fixed_run.run
    assert {row.id for row in run.claims} == set(asked)
    assert run.settings.claims_counted == len(asked)
    [left_out] = run.not_asked
    assert set(left_out.claims) == {claim.id for claim in claims} - set(asked)


def test_patterns_stand_for_the_sites_of_an_open_model(planted_documents):
    with pytest.raises(UsageError, match=r"none of the known sites of model \(attention\)"):
        attnaudit.audit(faithful_model(), planted_documents[:2], sites=["layer.*"])


def test_what_is_found_out_only_when_a_model_is_open_is_an_error_that_says_the_same(
    planted_documents, tmp_path
):
    documents = tuple(planted_documents[:10])
    subject = Subject(
        name="model",
        source="mine:make",
        documents=documents,
        documents_source="python",
        digest=documents_digest(documents),
        claims=order_matters(),
    )
    plan = plan_subjects(Request(), (subject,))
    directory = create_run_directory(tmp_path / "run")
    auditor = Auditor(plan, directory, models={"model": fixed_model()})
    with pytest.raises(PreflightError, match=r"at attention cannot be replaced.*order-matters"):
        auditor.decide(plan.cases[0])


def test_the_first_site_of_an_open_model_is_asked_as_if_it_had_been_named(
    planted_documents, fixed_run
):
    run = attnaudit.audit(fixed_model(), planted_documents[:60])
    assert run.not_asked == fixed_run.run.not_asked
    assert run.claims == fixed_run.run.claims
    with pytest.raises(UsageError, match="attention at attention cannot be replaced"):
        attnaudit.audit(fixed_model(), planted_documents[:10], order_matters())


def test_a_stored_run_is_judged_again_without_what_could_not_be_asked(fixed_run):
    assert judge_again(fixed_run, default_claims()) == fixed_run.run


def test_a_stored_run_is_not_judged_by_claims_of_which_none_can_be_asked(fixed_run):
    with pytest.raises(UsageError, match="about attention that cannot be replaced"):
        judge_again(fixed_run, order_matters())


def test_what_neither_run_could_ask_has_not_changed_and_is_not_open(fixed_run):
    claims = {"model": default_claims()}
    former = overall_rows(fixed_run.run)
    found = compare_runs(fixed_run, fixed_run, claims=claims, former=former)
    assert {change.claim for change in found.claims} == {row.id for row in former}
    assert found.passes(inconclusive="fail")


def test_a_run_that_brought_no_claim_about_replacing_knows_all_the_same_that_none_can_be_asked(
    fixed_run, ranking_run
):
    assert not ranking_run.run.not_asked
    again = judge_again(ranking_run, only("permutation", "agreement"))
    assert {row.audit for row in again.claims} == {"agreement"}
    assert again.not_asked == judge_again(fixed_run, only("permutation", "agreement")).not_asked
    with pytest.raises(UsageError, match="about attention that cannot be replaced"):
        judge_again(ranking_run, order_matters())


@pytest.mark.parametrize("later", ["fixed", "ranking"])
def test_claims_that_neither_run_can_be_asked_are_not_open_whichever_of_them_says_so(
    fixed_run, ranking_run, later
):
    runs = [ranking_run, fixed_run] if later == "fixed" else [fixed_run, ranking_run]
    claims = {"model": only("permutation", "agreement")}
    former = overall_rows(runs[0].run, among=claims["model"])
    found = compare_runs(*runs, claims=claims, former=former)
    assert {change.claim for change in found.claims} == {row.id for row in former}
    assert found.passes(inconclusive="fail")


def test_an_old_run_says_what_can_be_replaced_by_what_it_left_out(fixed_run, ranking_run):
    def as_it_was(stored):
        models = tuple(one.model_copy(update={"replaceable": None}) for one in stored.run.models)
        return StoredRun(stored.directory, stored.run.model_copy(update={"models": models}))

    former = as_it_was(fixed_run)
    assert judge_again(former, default_claims()) == former.run
    with pytest.raises(UsageError, match="did not measure permutation"):
        judge_again(as_it_was(ranking_run), order_matters())


def only(*audits):
    """The default claims of some audits."""
    every = default_claims()
    return replace(every, claims=tuple(one for one in every.claims if one.audit in audits))


def order_matters():
    """The default claims about the order of attention alone."""
    return only("permutation")
