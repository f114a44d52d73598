import pytest

VALID = {
    "id": '"a-claim"',
    "statement": '"Attention ranks words as the gradient does"',
    "audit": '"agreement"',
    "importance": '"gradient"',
    "at_least": "0.5",
    "kind": '"agreement"',
    "inference": '"necessary"',
}


def table(**changes):
    """One [[claim]] in TOML; None takes a key out."""
    keys = {**VALID, **changes}
    lines = [f"{key} = {value}" for key, value in keys.items() if value is not None]
    return "\n".join(["[[claim]]", *lines, ""])


@pytest.fixture
def claim_table():
    return table


@pytest.fixture
def claims_file(tmp_path):
    """Writes a claims file and returns its path."""

    def write(*tables, head="schema = 1\n"):
        path = tmp_path / "claims.toml"
        path.write_text(head + "\n".join(tables), encoding="utf-8")
        return path

    return write
