import shutil

import pytest

import attnaudit
from attnaudit.records import Document


def numbers(session):
    """Every row of run.json and every stratum without the numbers, and the numbers."""
    rows = session.run["claims"]
    entries = [*rows, *(stratum for row in rows for stratum in row["strata"])]
    names = ("estimate", "low", "high", "null")
    pairs = ("unadjusted", "bca")
    found = [entry[name] for entry in entries for name in names if name in entry]
    found += [end for row in rows for name in pairs for end in row[name] or (None, None)]
    return (
        [
            {key: value for key, value in entry.items() if key not in (*names, *pairs, "strata")}
            for entry in entries
        ],
        [pytest.approx(number, abs=1e-9) for number in found],
        found,
    )


@pytest.fixture
def reference(audit_session, planted_directories):
    return audit_session(
        "--model",
        planted_directories["faithful"],
        "--model",
        planted_directories["uniform"],
        report="reference",
    )


@pytest.mark.parametrize(
    "options",
    [("-n", "2"), ("--attn-batch-size", "1"), ("--attn-batch-size", "17", "-n", "2")],
    ids=["two workers", "batches of one", "both"],
)
def test_neither_workers_nor_batches_change_a_claim(
    audit_session, planted_directories, reference, options
):
    other = audit_session(
        "--model",
        planted_directories["faithful"],
        "--model",
        planted_directories["uniform"],
        *options,
    )
    rows, approximately, _ = numbers(reference)
    other_rows, _, other_numbers = numbers(other)
    assert other_rows == rows
    assert other_numbers == approximately


def test_the_order_of_models_changes_no_claim(audit_session, planted_directories, reference):
    other = audit_session(
        "--model", planted_directories["uniform"], "--model", planted_directories["faithful"]
    )
    assert other.run["claims"] == reference.run["claims"]


def test_an_item_run_alone_gets_the_verdict_it_gets_among_all(
    audit_session, planted_directories, reference
):
    alone = audit_session(
        "--model",
        planted_directories["faithful"],
        "--model",
        planted_directories["uniform"],
        "-k",
        "faithful/order-matters",
    )
    rows = alone.run["claims"]
    assert {row["id"] for row in rows} == {"order-matters"}
    assert all(row in reference.run["claims"] for row in rows)
    assert alone.run["settings"] == reference.run["settings"]


def test_the_failed_are_run_again_alone(audit_session, planted_directories, reference):
    again = audit_session(
        "--model",
        planted_directories["faithful"],
        "--model",
        planted_directories["uniform"],
        "--lf",
    )
    assert {row["model"] for row in again.run["claims"]} == {"uniform"}
    assert all(row in reference.run["claims"] for row in again.run["claims"])


def test_stopping_at_the_first_failure_keeps_what_was_decided(audit_session, planted_directories):
    session = audit_session("--model", planted_directories["uniform"], "-x")
    assert list(session.outcomes().values()) == ["refuted"]


def test_models_whose_names_run_into_their_claims_are_kept_apart(
    audit_session, planted_directories, tmp_path
):
    claim = (
        '[[claim]]\nid = "{}"\nstatement = "x"\naudit = "permutation"\nat_least = 0.1\n'
        'kind = "faithfulness"\ninference = "necessary"\n'
    )
    for name, claim_id in (("a", "x-b"), ("a-x", "b")):
        shutil.copytree(planted_directories["faithful"], tmp_path / name)
        (tmp_path / name / "claims.toml").write_text("schema = 1\n" + claim.format(claim_id))
    session = audit_session("--model", tmp_path / "a", "--model", tmp_path / "a-x")
    assert session.outcomes("a") == {"x-b": "supported"}
    assert session.outcomes("a-x") == {"b": "supported"}


def test_a_worker_that_dies_leaves_an_error_and_not_a_gap(audit_session, pytester, monkeypatch):
    pytester.makepyfile(
        mine="""
        import os

        def make():
            os._exit(3)
        """
    )
    pytester.makefile(".csv", data="text\n" + "a superb film\n" * 30)
    monkeypatch.setenv("PYTHONPATH", str(pytester.path))
    options = ("--data", "data.csv", "-k", "order-matters", "-n", "1", "--max-worker-restart", "0")
    # A process of its own, since a worker gets the import path that its controller began with.
    process = pytester.runpytest_subprocess
    session = audit_session("--model", "mine:make", *options, process=process)
    assert session.status != pytest.ExitCode.OK
    [row] = session.run["claims"]
    assert row["outcome"] == "error"
    assert "crashed" in row["error"]


@pytest.mark.parametrize("encoder", ["bilstm", "cnn"])
def test_batches_change_no_claim_about_a_model_with_context(make_model, planted_documents, encoder):
    model = make_model(encoder=encoder)
    words = [word for word in model.vocabulary.to_json().split('"') if word.isalpha()]
    documents = [
        Document(
            id=one.id, tokens=tuple(words[hash_of(token) % len(words)] for token in one.tokens)
        )
        for one in planted_documents
    ]
    alone, together = (
        attnaudit.audit(model, documents, batch_size=size).claims for size in (1, 50)
    )
    assert [row.outcome for row in alone] == [row.outcome for row in together]
    for first, second in zip(alone, together, strict=True):
        assert first.estimate == pytest.approx(second.estimate, abs=1e-9)
        assert first.low == pytest.approx(second.low, abs=1e-7)


def hash_of(token):
    return sum(map(ord, token))
