import pyarrow.parquet as pq
import pytest

import attnaudit
from attnaudit.claims import load_claims
from attnaudit.errors import DataError, PreflightError
from attnaudit.models import Outputs, faithful_model, ignored_attention_model
from attnaudit.records import Document, Outcome
from attnaudit.store.run import read_run


def test_python_and_pytest_come_to_the_same_numbers(planted_documents, tmp_path):
    run = attnaudit.audit(faithful_model(), planted_documents, report=tmp_path)
    assert {row.outcome for row in run.claims} == {Outcome.SUPPORTED}
    assert read_run(tmp_path / "run.json") == run


def test_claims_of_a_file_replace_the_defaults(planted_documents, tmp_path):
    path = tmp_path / "claims.toml"
    path.write_text(
        'schema = 1\n[[claim]]\nid = "far"\nstatement = "x"\naudit = "adversary"\n'
        'quantity = "divergence"\nat_most = 0.3\nkind = "faithfulness"\ninference = "necessary"\n'
    )
    run = attnaudit.audit(faithful_model(), planted_documents, load_claims(path))
    [row] = run.claims
    assert (row.id, row.outcome) == ("far", Outcome.SUPPORTED)
    assert run.models[0].claims_source == str(path)


def test_every_claim_is_described_by_confidence_and_only_one_that_says_so_is_judged_by_it(
    planted_documents, tmp_path
):
    path = tmp_path / "claims.toml"
    common = (
        'statement = "x"\naudit = "permutation"\nat_least = 0.1\nkind = "faithfulness"\n'
        'inference = "necessary"\n'
    )
    path.write_text(
        f'schema = 1\n[[claim]]\nid = "all"\n{common}'
        f'[[claim]]\nid = "each"\nby = ["confidence"]\n{common}'
    )
    run = attnaudit.audit(faithful_model(), planted_documents, load_claims(path), report=tmp_path)
    overall, each, *groups = run.claims
    [documents] = (tmp_path / "documents").glob("*.parquet")
    confidences = [max(row["probabilities"]) for row in pq.read_table(documents).to_pylist()]

    assert [row.id for row in run.claims] == ["all", *["each"] * (1 + len(groups))]
    assert each.strata == overall.strata
    assert sum(stratum.n for stratum in overall.strata) == len(planted_documents)
    assert overall.strata[0].n == sum(confidence < 0.75 for confidence in confidences)
    assert overall.strata[-1].n == sum(confidence >= 0.99 for confidence in confidences)
    populated = {f"confidence={one.name}": one.estimate for one in overall.strata if one.n}
    assert {row.group: row.estimate for row in groups} == populated
    assert all(not row.strata for row in groups)


def test_a_broken_instrument_raises_instead_of_judging(planted_documents):
    with pytest.raises(PreflightError, match="reaches no logit"):
        attnaudit.audit(ignored_attention_model(), planted_documents)


def test_a_model_in_training_mode_is_not_judged(planted_documents):
    model = faithful_model()
    model.network.train()
    with pytest.raises(PreflightError, match="training mode"):
        attnaudit.audit(model, planted_documents)


def test_a_label_the_model_does_not_know_is_refused():
    documents = [Document(id="a", tokens=("superb", "film"), label="sideways")]
    with pytest.raises(DataError, match="sideways"):
        attnaudit.audit(faithful_model(), documents)


def test_a_one_token_document_is_valid_but_no_part_of_the_default_claims(planted_documents):
    documents = (*planted_documents, Document(id="one", tokens=("superb",), label="positive"))
    run = attnaudit.audit(faithful_model(), documents)
    overall = [row for row in run.claims if row.group == "overall"]
    long = sum(len(document.tokens) >= 11 for document in planted_documents)
    assert {row.n for row in overall} == {len(planted_documents), long}
    assert run.models[0].documents.n == len(documents)
    assert run.models[0].documents.skipped == {}


def test_the_package_has_no_other_public_name():
    assert attnaudit.__all__ == ["audit"]
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = attnaudit.nothing


def test_unusable_documents_in_front_do_not_hide_a_broken_instrument(planted_documents):
    empty = [Document(id=f"empty {number}", tokens=()) for number in range(40)]
    many = [
        Document(id=f"{copy}/{one.id}", tokens=one.tokens)
        for copy in range(10)
        for one in planted_documents
    ]
    with pytest.raises(PreflightError, match="reaches no logit"):
        attnaudit.audit(ignored_attention_model(), [*empty, *many])


def test_only_unusable_documents_are_an_error():
    with pytest.raises(DataError, match="none of the 1 documents"):
        attnaudit.audit(faithful_model(), [Document(id="empty", tokens=())])


def test_no_documents_are_an_error():
    with pytest.raises(DataError, match="has no documents"):
        attnaudit.audit(faithful_model(), [])


def test_two_documents_of_one_id_are_an_error(planted_documents):
    with pytest.raises(DataError, match="same id"):
        attnaudit.audit(faithful_model(), [*planted_documents, planted_documents[0]])


def test_independent_labels_are_refused_in_words(planted_documents, monkeypatch):
    model = faithful_model()
    outputs = Outputs(classes=model.outputs.classes, kind="multilabel")
    monkeypatch.setattr(type(model), "outputs", outputs)
    with pytest.raises(PreflightError, match="one binary model per label"):
        attnaudit.audit(model, planted_documents)
