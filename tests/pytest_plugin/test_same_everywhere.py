import pytest


def numbers(session):
    """Every row of run.json without the numbers, and the numbers."""
    rows = session.run["claims"]
    names = ("estimate", "low", "high")
    return (
        [{key: value for key, value in row.items() if key not in names} for row in rows],
        [pytest.approx(row[name], abs=1e-9) for row in rows for name in names],
        [row[name] for row in rows for name in names],
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
        "faithful-order-matters",
    )
    [row] = alone.run["claims"]
    assert row in reference.run["claims"]
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
