"""One model audited several times: nothing may change, and to the last bit where sums are alike."""

import pyarrow as pa
import pytest

from attnaudit.claims import default_claims
from attnaudit.errors import InternalError
from attnaudit.models import faithful_model
from attnaudit.records import Document, Outcome
from attnaudit.runs.claims_of_run import claims_of
from attnaudit.runs.compared import compare_runs, overall_rows
from attnaudit.verdicts.change import Change


def compare(old, new):
    return compare_runs(old, new, claims=claims_of(new), former=overall_rows(old.run))


def stored_values(run):
    """Every stored value of a run as text, which tells NaN from nothing and bit from bit."""
    found = {}
    [entry] = run.run.models
    for label, key in entry.measurements.items():
        tables = pa.concat_tables(run.directory.measurement(key).tables())
        found[label] = [repr(row) for row in tables.to_pylist()]
    return found


@pytest.fixture
def read(make_model, planted_documents):
    """A model in which every word changes every state, with documents in its own words."""
    model = make_model(encoder="bilstm")
    words = ("the", "a", "film", "plot", "was", "never", "quite", "dull", "great", "awful")
    documents = [
        Document(id=one.id, tokens=tuple(words[sum(map(ord, word)) % 10] for word in one.tokens))
        for one in planted_documents[:24]
    ]
    return model, documents


def test_a_model_with_context_audited_twice_has_every_value_again(read, audited):
    first, second = (audited(*read, name=name) for name in ("first", "second"))
    values = stored_values(first)
    assert len(values) >= 5
    assert min(len(rows) for rows in values.values()) >= 24
    assert stored_values(second) == values
    comparison = compare(first, second)
    assert {claim.reason for claim in comparison.claims} == {
        "the same weights, and the same values to the last bit"
    }
    assert comparison.passes(inconclusive="fail")


def test_batches_of_another_size_change_a_model_with_context_by_rounding_at_most(read, audited):
    first = audited(*read, name="first")
    second = audited(*read, name="second", batch_size=7)
    comparison = compare(first, second)
    assert {claim.change for claim in comparison.claims} == {Change.UNCHANGED}
    assert {(row.low, row.high) for claim in comparison.claims for row in claim.rows} == {(0, 0)}
    [before], [after] = first.run.models, second.run.models
    for claim in default_claims().claims:
        old, new = first.measurement(before, claim), second.measurement(after, claim)
        assert new.value == pytest.approx(old.value, abs=1e-10, nan_ok=True)
        assert new.undefined == old.undefined


def test_a_changed_outcome_of_the_same_weights_is_an_error_of_the_tool(faithful_run, changed):
    rows = [
        row.model_copy(update={"outcome": Outcome.REFUTED}) if row.id == "order-matters" else row
        for row in faithful_run.run.claims
    ]
    with pytest.raises(InternalError, match="order-matters of model was supported and is refuted"):
        compare(faithful_run, changed(faithful_run, claims=tuple(rows)))


def test_an_outcome_at_another_level_is_explained_by_it(faithful_run, changed):
    rows = [
        row.model_copy(update={"outcome": Outcome.INCONCLUSIVE}) for row in faithful_run.run.claims
    ]
    stricter = faithful_run.run.settings.model_copy(update={"level": 1e-9})
    comparison = compare(faithful_run, changed(faithful_run, claims=tuple(rows), settings=stricter))
    level = faithful_run.run.settings.level
    assert {claim.change for claim in comparison.claims} == {Change.UNCHANGED}
    cause = f"decided otherwise because of error level {level}, now 1e-09"
    same = "the same weights, and the same values to the last bit"
    assert {claim.reason for claim in comparison.claims} == {f"{same}; {cause}"}


def test_another_outcome_of_fewer_documents_drawn_is_explained_by_them(
    audited, planted_documents, write_claims, claim_text, changed
):
    soon = write_claims(claim_text("a", draws=3), name="soon.toml")
    late = write_claims(claim_text("b", draws=3, limit="at_least = 0.45"), name="late.toml")
    few, all_drawn = (
        audited(faithful_model(), planted_documents, claims, name=name, adaptive=True)
        for name, claims in (("few", soon), ("all", late))
    )
    # As if the claim that needs them all had been deselected in the first run.
    few = changed(few, entry={"claims_digest": late.digest})
    chosen = write_claims(claim_text("c", draws=3, limit="at_least = 0.39"), name="chosen.toml")
    for old, new, drawn in ((few, all_drawn, "50, now 100"), (all_drawn, few, "100, now 50")):
        [claim] = compare_runs(old, new, claims={"model": chosen}, former=()).claims
        assert {claim.old, claim.new} == {Outcome.SUPPORTED, Outcome.INCONCLUSIVE}
        assert claim.change is Change.UNCHANGED
        assert claim.reason.endswith(f"decided otherwise because of documents drawn {drawn}")
