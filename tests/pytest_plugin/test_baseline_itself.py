"""A model against its own earlier run, through the command that users give."""

import pyarrow.parquet as pq


def stored_values(folder):
    """Every stored value by measurement, as text, which tells NaN from nothing and bit from bit."""
    found = {}
    for part in sorted(folder.glob("measurements/*/part-*.parquet")):
        rows = [repr(row) for row in pq.read_table(part).to_pylist()]
        found[part.parent.name] = found.get(part.parent.name, []) + rows
    return found


def test_a_model_audited_again_by_two_workers_is_the_same_to_the_last_bit(
    audit_session, planted_directories, pytester
):
    options = ("--model", planted_directories["faithful"], "--device", "cpu")
    audit_session(*options, report="first")
    baseline = ("--attn-baseline", pytester.path / "first", "-n", "2")
    session = audit_session(*options, *baseline, report="second")
    first = stored_values(pytester.path / "first")
    assert len(first) >= 5
    assert stored_values(pytester.path / "second") == first
    _, _, since = session.text.partition(" since ")
    claims = len({row["id"] for row in session.run["claims"]})
    assert f"{claims} unchanged" in since
    assert "the same weights, and the same values to the last bit: " in since
    assert "but for rounding" not in since
