"""The published JSON Schema of run.json."""

import json
from typing import Any

from attnaudit.store.run import Run

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ID = "urn:attnaudit:run:1"


def run_schema() -> dict[str, Any]:
    """What every run.json of schema 1 fulfils, as JSON Schema of draft 2020-12.

    Keys that were added after the first runs have defaults and are not required, so that older runs
    stay valid. A key that no version knows is an error.
    """
    described = Run.model_json_schema(by_alias=True, mode="validation")
    # The version decides how the rest is read, so a run always says it.
    required = ["schema", *described["required"]]
    return {"$schema": _DIALECT, "$id": _ID} | described | {"required": required}


def schema_text() -> str:
    """The schema as a file, indented by two spaces."""
    return json.dumps(run_schema(), indent=2, ensure_ascii=False) + "\n"
