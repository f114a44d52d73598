import json

import pytest

from attnaudit.errors import UsageError
from attnaudit.store.how_read import SpecialMass
from attnaudit.store.rows import claim_rows
from attnaudit.store.run import (
    DocumentsEntry,
    ModelEntry,
    Run,
    Settings,
    read_run,
    write_run,
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


def test_strata_are_read_as_they_were_written(claim, where, verdict, make_run, tmp_path):
    run = make_run(claim_rows(claim, verdict, **where))
    write_run(tmp_path / "run.json", run)

    assert read_run(tmp_path / "run.json") == run
    assert run.claims[0].strata


def test_a_run_of_before_strata_is_read_as_having_none(claim, where, verdict, make_run, tmp_path):
    path = tmp_path / "run.json"
    write_run(path, make_run(claim_rows(claim, verdict, **where)))
    content = json.loads(path.read_text())
    # What later versions added beside them may be missing as well.
    added = ("strata", "unadjusted", "bca", "null", "drawn", "level", "assumption", "target")
    for row in content["claims"]:
        for key in added:
            del row[key]
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


def test_a_run_of_before_cuts_were_counted_is_read_as_not_saying(tmp_path, make_run):
    documents = DocumentsEntry(source="s", digest="d", n=2, skipped={}, truncated=1)
    entry = ModelEntry(
        name="m",
        source="m",
        site="s",
        digest="d",
        classes=("no", "yes"),
        device="cpu",
        dtype="float64",
        documents=documents,
        special_mass=SpecialMass(mean=0.5, least=0.25, most=0.75),
        documents_key="k",
        claims_source="s",
        claims_digest="d",
    )
    path = tmp_path / "run.json"
    write_run(path, make_run(()).model_copy(update={"models": (entry,)}))
    assert read_run(path).models == (entry,)

    content = json.loads(path.read_text())
    [model] = content["models"]
    del model["special_mass"], model["documents"]["truncated"]
    path.write_text(json.dumps(content))
    [older] = read_run(path).models
    assert (older.special_mass, older.documents.truncated) == (None, None)
