import pytest


@pytest.fixture
def adaptive(audit_session, planted_directories):
    def run(*options, **keywords):
        return audit_session(
            "--model", planted_directories["faithful"], "--attn-adaptive", *options, **keywords
        )

    return run


@pytest.fixture
def one(adaptive):
    return adaptive("-k", "order-matters or no-distant", report="one")


def decided(session, claims=("order-matters", "no-distant-equivalent")):
    """What was decided on some claims, and the ends of the intervals."""
    keys = ("id", "group", "outcome", "n", "drawn", "reason")
    rows = [row for row in session.run["claims"] if row["id"] in claims]
    ends = [row[end] for row in rows for end in ("low", "high")]
    return [{key: row[key] for key in keys} for row in rows], ends


def test_documents_are_drawn_until_a_claim_is_decided_and_it_is_said_how_many(one):
    assert one.status == pytest.ExitCode.OK
    assert set(one.outcomes().values()) == {"supported"}
    drawn = {row["drawn"] for row in one.run["claims"] if row["group"] == "overall"}
    assert min(drawn) == 50
    assert one.run["settings"]["first_block"] == 50
    assert "of 120 documents, drawn in the order of seed 0" in one.text


def test_workers_batches_and_company_change_no_decision(adaptive, one):
    options = ("-n", "2", "--attn-batch-size", "7", "-k", "order-matters or no-distant or exch")
    other = adaptive(*options, report="other")
    rows, ends = decided(one)
    other_rows, other_ends = decided(other)
    assert other_rows == rows
    assert other_ends == pytest.approx(ends, abs=1e-9)


def test_another_seed_draws_other_documents(adaptive, one):
    other = adaptive("-k", "order-matters", "--attn-seed", "1", report="other")
    first, second = (
        next(row["estimate"] for row in session.run["claims"] if row["id"] == "order-matters")
        for session in (one, other)
    )
    assert first != second
