import json
from pathlib import Path

import jsonschema
import pytest

import attnaudit
from attnaudit.models import faithful_model
from attnaudit.store.schema import run_schema, schema_text

ROOT = Path(__file__).parents[2]
PUBLISHED = ("docs/run.schema.json", "attnaudit/store/run.schema.json")


@pytest.fixture(scope="module")
def stored(tmp_path_factory, planted_documents):
    folder = tmp_path_factory.mktemp("schema")
    attnaudit.audit(faithful_model(), planted_documents[:30], report=folder)
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))


def problems(value):
    validator = jsonschema.Draft202012Validator(run_schema())
    return [error.message for error in validator.iter_errors(value)]


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(run_schema())


@pytest.mark.parametrize("path", PUBLISHED)
def test_the_published_file_is_what_the_command_prints(path):
    # Where this fails, write the file anew: attnaudit schema > FILE
    assert (ROOT / path).read_text(encoding="utf-8") == schema_text()


def test_a_run_that_was_stored_fulfils_it(stored):
    assert {row["audit"] for row in stored["claims"]} >= {"agreement", "adversary"}
    assert problems(stored) == []


def test_a_run_fulfils_it_without_the_keys_that_have_defaults(stored):
    defaults = {"causes", "strata", "needed", "reason", "error"}
    rows = [{key: row[key] for key in row if key not in defaults} for row in stored["claims"]]
    assert problems(stored | {"claims": rows}) == []


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"verdict": "good"},
        {"claims": [{}]},
        {"settings": {}},
        {"versions": {"attnaudit": 1}},
    ],
)
def test_what_is_no_run_does_not_fulfil_it(stored, change):
    assert problems(stored | change) != []


def test_a_run_that_does_not_say_its_version_does_not_fulfil_it(stored):
    del (without := dict(stored))["schema"]
    assert problems(without) == ["'schema' is a required property"]
