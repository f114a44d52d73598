import json
import math
from dataclasses import replace

import pytest

from attnaudit.claims import PermutationClaim
from attnaudit.errors import UsageError
from attnaudit.records import Bound, Outcome, Stratum, Verdict, VerdictRow
from attnaudit.store.run import (
    Run,
    Settings,
    StratumRow,
    claim_rows,
    error_row,
    read_run,
    write_run,
)

CLAIM = PermutationClaim(
    id="order-matters",
    statement="s",
    audit="permutation",
    at_least=0.1,
    kind="faithfulness",
    inference="necessary",
)
WHERE = {"model": "m", "site": "attention"}


@pytest.fixture
def verdict():
    overall = VerdictRow(
        group="overall",
        outcome=Outcome.INCONCLUSIVE,
        estimate=0.2,
        low=0.0,
        high=0.5,
        n=3,
        undefined=1,
    )
    return Verdict(
        claim=CLAIM.id,
        outcome=Outcome.INCONCLUSIVE,
        rows=(overall, replace(overall, group="predicted=yes")),
        kind=Bound.EXACT,
        level=0.025,
        strata=(
            Stratum(name="below 0.75", n=2, undefined=0, estimate=0.2),
            Stratum(name="0.99+", n=1, undefined=1, estimate=math.nan),
        ),
    )


@pytest.fixture
def make_run():
    def make(rows):
        return Run(
            schema=1,
            claims=rows,
            models=(),
            settings=Settings(
                seed=0, claims_counted=1, level=0.025, limit=None, inconclusive="fail"
            ),
            versions={},
            performance={},
        )

    return make


def test_only_the_row_of_all_documents_has_strata_and_an_estimate_of_nothing_is_none(verdict):
    overall, group = claim_rows(CLAIM, verdict, **WHERE)

    assert overall.strata == (
        StratumRow(name="below 0.75", n=2, undefined=0, estimate=0.2),
        StratumRow(name="0.99+", n=1, undefined=1, estimate=None),
    )
    assert group.strata == ()


def test_a_claim_on_which_there_is_no_verdict_has_no_strata():
    assert error_row(CLAIM, "it is in training mode", **WHERE).strata == ()


def test_strata_are_read_as_they_were_written(verdict, make_run, tmp_path):
    run = make_run(claim_rows(CLAIM, verdict, **WHERE))
    write_run(tmp_path / "run.json", run)

    assert read_run(tmp_path / "run.json") == run
    assert run.claims[0].strata


def test_a_run_of_before_strata_is_read_as_having_none(verdict, make_run, tmp_path):
    path = tmp_path / "run.json"
    write_run(path, make_run(claim_rows(CLAIM, verdict, **WHERE)))
    content = json.loads(path.read_text())
    for row in content["claims"]:
        del row["strata"]
    path.write_text(json.dumps(content))

    assert [row.strata for row in read_run(path).claims] == [(), ()]


def test_a_missing_run_is_named(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        read_run(tmp_path / "run.json")


@pytest.mark.parametrize("content", ["", "[", "{}", '{"schema": 2}'])
def test_another_format_is_refused(tmp_path, content):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(UsageError, match="not a run of schema 1"):
        read_run(tmp_path / "run.json")
