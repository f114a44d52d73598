"""What a reader of a claims file is told about a key, in place of a validator's own report."""

import difflib
from collections.abc import Iterable

from pydantic_core import ErrorDetails

from attnaudit.claims.schema import SCHEMAS

# The validator speaks of Python's types and of patterns.
_TOML_WORDS = {
    "tuple_type": "should be a list",
    "model_type": "should be a table, which begins with a line `[[claim]]`",
    "model_attributes_type": "should be a table, which begins with a line `[[claim]]`",
    "string_pattern_mismatch": "should consist of lower-case letters, digits and hyphens",
}


def unknown_key(key: str, known: Iterable[str]) -> str:
    """Say that a key is unknown, which one was probably meant and which there are."""
    known = sorted(known)
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"unknown key {key[:100]!r}; {hint}known keys are {', '.join(known)}"


def describe(problem: ErrorDetails, table: object) -> str:
    """One problem of a claim: the key, what it is and what it should be.

    Args:
        problem: As found by the validator.
        table: The claim as it stands in the file.
    """
    # The place of a problem inside a union begins with the tag of its member.
    audit, *path = problem["loc"] or (None,)
    key = ".".join(map(str, path))
    kind = problem["type"]
    if kind == "extra_forbidden":
        return unknown_key(key, SCHEMAS[str(audit)].model_fields)
    if kind == "missing":
        return f"the key {key!r} is missing"
    if kind == "union_tag_not_found":
        return f"the key 'audit' is missing; it is one of {', '.join(SCHEMAS)}"
    if kind == "union_tag_invalid":
        seen = table["audit"] if isinstance(table, dict) else table
        return f"audit = {seen!r:.100} is unknown; it is one of {', '.join(SCHEMAS)}"
    message = _TOML_WORDS.get(kind) or _without_prefix(problem["msg"])
    return f"{key} = {problem['input']!r:.100} {message}" if key else message


def _without_prefix(message: str) -> str:
    for prefix in ("Value error, ", "Input ", "String "):
        message = message.removeprefix(prefix)
    return message
