import subprocess
import sys

import pytest

from attnaudit.claims import default_claims
from attnaudit.errors import UsageError
from attnaudit.records import Outcome
from attnaudit.runs.judged import claims_differ, judge_again, passes, write_judged
from attnaudit.store.rows import error_row
from attnaudit.store.run import read_run


def outcomes(run):
    return {row.id: row.outcome for row in run.claims if row.group == "overall"}


def test_the_same_claims_judged_again_give_the_same_run_to_the_last_digit(
    faithful_run, uniform_run
):
    for stored in (faithful_run, uniform_run):
        assert judge_again(stored, default_claims()) == stored.run
        assert not claims_differ(stored, default_claims())


def test_another_threshold_gives_another_outcome_on_the_same_estimate(
    faithful_run, write_claims, claim_text
):
    claims = write_claims(claim_text("low"), claim_text("high", limit="at_least = 0.9"))
    run = judge_again(faithful_run, claims)
    assert outcomes(run) == {"low": Outcome.SUPPORTED, "high": Outcome.REFUTED}
    assert len({row.estimate for row in run.claims}) == 1
    assert claims_differ(faithful_run, claims)
    [entry] = run.models
    assert (entry.claims_source, entry.claims_digest) == (claims.source, claims.digest)


def test_the_error_probability_is_shared_among_the_new_claims(
    faithful_run, write_claims, claim_text
):
    one = judge_again(faithful_run, write_claims(claim_text("a")))
    many = judge_again(faithful_run, write_claims(*(claim_text(name) for name in "abcde")))
    assert (one.settings.claims_counted, one.settings.level) == (1, 0.025)
    assert (many.settings.claims_counted, many.settings.level) == (5, 0.005)
    assert many.claims[0].low < one.claims[0].low


def test_everything_that_was_not_measured_is_named_at_once(faithful_run, write_claims, claim_text):
    claims = write_claims(
        claim_text("more", draws=7),
        claim_text("measured"),
        claim_text("norm", audit="agreement", importance='"gradient-norm"'),
    )
    with pytest.raises(UsageError) as caught:
        judge_again(faithful_run, claims)
    assert "permutation (tvd, draws 7) of model at attention" in str(caught.value)
    assert "agreement (tau, importance gradient-norm)" in str(caught.value)
    assert "claim measured" not in str(caught.value)


def test_a_model_that_could_not_be_measured_is_an_error_for_every_new_claim(
    faithful_run, changed, write_claims, claim_text
):
    [old, *_] = default_claims().claims
    broken = error_row(old, "it does not load", model="broken", site="default")
    stored = changed(faithful_run, claims=(*faithful_run.run.claims, broken))
    run = judge_again(stored, write_claims(claim_text("a"), claim_text("b")))
    errors = [row for row in run.claims if row.outcome is Outcome.ERROR]
    assert {(row.id, row.model, row.error) for row in errors} == {
        ("a", "broken", "it does not load"),
        ("b", "broken", "it does not load"),
    }
    assert run.settings.claims_counted == 4
    assert not passes(run)


def test_one_claim_in_error_leaves_a_measured_model_measured(
    faithful_run, changed, write_claims, claim_text
):
    [old, *_] = default_claims().claims
    crashed = error_row(old, "the worker process died", model="model", site="default")
    stored = changed(faithful_run, claims=(*faithful_run.run.claims, crashed))
    run = judge_again(stored, write_claims(claim_text("a")))
    assert outcomes(run) == {"a": Outcome.SUPPORTED}


@pytest.mark.parametrize(
    ("keys", "passing"),
    [
        ({"at_least": 0.1}, {"fail", "warn"}),
        # The estimate is 0.44: too close to decide with 120 documents.
        ({"at_least": 0.43}, {"warn"}),
        ({"at_least": 0.9}, set()),
        ({"at_least": 0.9, "required": "false"}, {"fail", "warn"}),
    ],
)
def test_a_run_passes_as_it_would_under_pytest(
    faithful_run, write_claims, claim_text, keys, passing
):
    claims = write_claims(claim_text("a", limit="", **keys))
    runs = [judge_again(faithful_run, claims, inconclusive=one) for one in ("fail", "warn")]
    assert {run.settings.inconclusive for run in runs if passes(run)} == passing


def test_judging_again_touches_no_file(faithful_run):
    def files():
        return {path: path.stat().st_mtime_ns for path in faithful_run.directory.path.rglob("*")}

    before = files()
    judge_again(faithful_run, default_claims())
    assert files() == before


def test_what_was_judged_again_can_be_written_and_read(faithful_run, tmp_path):
    run = judge_again(faithful_run, default_claims(), inconclusive="warn")
    write_judged(faithful_run, run, tmp_path / "again.json")
    assert read_run(tmp_path / "again.json") == run


def test_the_record_of_the_run_itself_is_never_replaced(faithful_run):
    path = faithful_run.directory.run_file
    before = path.read_bytes()
    with pytest.raises(UsageError, match="stays as it is"):
        write_judged(faithful_run, faithful_run.run, path.parent / "." / path.name)
    assert path.read_bytes() == before


@pytest.mark.parametrize("place", [".", "no-such-folder/again.json"])
def test_a_place_that_cannot_hold_a_file_is_refused(faithful_run, tmp_path, place):
    with pytest.raises(UsageError, match="name one with --out"):
        write_judged(faithful_run, faithful_run.run, tmp_path / place)


def test_judging_and_comparing_import_no_torch():
    code = (
        "import sys, attnaudit.runs.judged, attnaudit.runs.compared, attnaudit.reports.changes; "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
