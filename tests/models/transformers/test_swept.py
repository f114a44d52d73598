"""Every layer and head in one session of pytest."""

import json
import shutil
from pathlib import Path

import pytest

import attnaudit
from attnaudit.claims import load_claims
from attnaudit.measurements import untrained
from attnaudit.measurements.importance import named_importance, remembered
from attnaudit.measurements.random_attention import NETWORKS
from attnaudit.models.aggregated import AGGREGATED
from attnaudit.models.transformers.model import TransformerModel
from attnaudit.records import Document

AUDITS = Path(__file__).parents[3] / "attnaudit" / "audits"
CLAIMS = """
schema = 1
[[claim]]
id = "order"
statement = "Shuffling attention changes the output"
audit = "permutation"
draws = 4
at_least = 0.1
kind = "faithfulness"
inference = "necessary"
required = false
[[claim]]
id = "ranks"
statement = "Attention ranks words as a gradient does"
audit = "agreement"
importance = "gradient"
at_least = 0.5
kind = "agreement"
inference = "necessary"
required = false
"""
WITHOUT = """
[[claim]]
id = "ranks-without"
statement = "Attention ranks words as leaving them out does"
audit = "agreement"
importance = "leave-one-out"
at_least = 0.5
kind = "agreement"
inference = "necessary"
required = false
"""
RANDOM = """
[[claim]]
id = "learnt"
statement = "Attention depends on what the encoder has learnt"
audit = "randomisation"
at_least = 0.1
kind = "faithfulness"
inference = "necessary"
required = false
"""
SITES = ["layer.0", "layer.1", "layer.last"]


@pytest.fixture(scope="module", autouse=True)
def _imported(load):
    """What pytester sees imported, it forgets; some modules cannot be imported twice."""
    load("bert")


@pytest.fixture
def sweep(pytester, make_directory, monkeypatch):
    """Audit a tiny network at some sites; the session and what it left in its report."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    shutil.copytree(AUDITS, pytester.path / "audits", ignore=shutil.ignore_patterns("__*"))
    pytester.makefile(".toml", claims=CLAIMS)
    rows = ("the film was great,good", "awful film,bad", "we laughed but never quite,fair")
    pytester.makefile(".csv", texts="\n".join(["text,label", *rows]) + "\n")

    def run(*sites):
        named = [word for site in sites for word in ("--attn-site", site)]
        result = pytester.runpytest_subprocess(
            *("audits", "--model", str(make_directory("bert")), "--data", "texts.csv"),
            *("--claims", "claims.toml", "--attn-report", "report", *named),
            *("-p", "no:benchmark", "-p", "no:cacheprovider"),
        )
        return result, pytester.path / "report"

    return run


def test_a_pattern_audits_every_head_of_every_layer_and_maps_them(sweep):
    result, report = sweep("layer.*.head.*", "layer.last")
    run = json.loads((report / "run.json").read_text())
    heads = {f"layer.{layer}.head.{head}" for layer in range(3) for head in range(2)}
    assert {row["site"] for row in run["claims"]} == heads | {"layer.last"}
    assert run["settings"]["claims_counted"] == 2 * 7
    assert {row["outcome"] for row in run["claims"]} <= {"supported", "refuted", "inconclusive"}
    result.stdout.fnmatch_lines(["order of bert: claimed mean tvd >= 0.1", "layer*head 0*head 1*"])
    page = (report / "report.html").read_text()
    assert page.count('<figure class="heat-map">') == 2
    assert (report / "report.md").read_text().count("| head 1 |") == 2


def test_what_cannot_be_replaced_is_asked_only_about_agreement_and_says_so(sweep):
    site = AGGREGATED[0]
    result, report = sweep(site)
    run = json.loads((report / "run.json").read_text())
    assert [(row["id"], row["outcome"] == "error") for row in run["claims"]] == [("ranks", False)]
    assert run["not_asked"] == [{"model": "bert", "site": site, "claims": ["order"]}]
    line = f"not asked at {site} of bert, whose attention cannot be replaced: order"
    result.stdout.fnmatch_lines([line])
    assert line in (report / "report.html").read_text()


def test_a_pattern_that_names_no_head_ends_the_session_before_anything_is_opened(sweep):
    result, report = sweep("layer.3.head.*")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*layer.3.head.[*] stands for none*layer.0 to layer.2.head.1*"])
    assert not (report / "documents").exists()


@pytest.fixture
def audit_sites(load, tmp_path):
    """Audit a tiny network at three sites by `CLAIMS` and more; the run."""

    def run(*more):
        path = tmp_path / "claims.toml"
        path.write_text("".join((CLAIMS, *more)))
        texts = ("the film was great", "awful film", "we laughed but never quite")
        documents = [Document(id=str(number), text=text) for number, text in enumerate(texts)]
        return attnaudit.audit(load("bert"), documents, load_claims(path), sites=SITES)

    return run


def test_importances_are_computed_once_for_all_sites_and_so_is_the_gradient_of_the_ceiling(
    audit_sites, monkeypatch
):
    computed, differentiated = [], []
    predict = TransformerModel.predict_embedded

    def count(importance, model, batch, attended, *, steps=None):
        computed.extend((importance, document) for document in batch.documents)
        return named_importance(importance, model, batch, attended, steps=steps)

    def count_gradients(model, batch, embeddings, *, attention_frozen):
        if embeddings.requires_grad:
            differentiated.extend(batch.documents)
        return predict(model, batch, embeddings, attention_frozen=attention_frozen)

    monkeypatch.setattr(remembered, "named_importance", count)
    monkeypatch.setattr(TransformerModel, "predict_embedded", count_gradients)
    run = audit_sites(WITHOUT)
    agreed = [row for row in run.claims if row.audit == "agreement" and row.group == "overall"]
    assert sorted(row.site for row in agreed) == sorted(2 * SITES)
    names = ("gradient", "leave-one-out")
    assert sorted(computed) == [(name, number) for name in names for number in "012"]
    assert sorted(differentiated) == ["0", "1", "2"]


def test_random_networks_are_drawn_once_for_all_sites_and_claims(audit_sites, monkeypatch):
    drawn = {"redrawn": [], "with_redrawn_layers": []}

    def counting(name):
        draw = getattr(untrained, name)

        def counted(model, *, seed):
            drawn[name].append(seed)
            return draw(model, seed=seed)

        return counted

    for name in drawn:
        monkeypatch.setattr(untrained, name, counting(name))
    audit_sites(WITHOUT, RANDOM)
    for seeds in drawn.values():
        assert len(seeds) == len(set(seeds))
        assert 1 < len(seeds) <= NETWORKS
