"""Reading a claims file: what is wrong with it is said by file, claim and key."""

import hashlib
import json
import tomllib
from collections import Counter
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from attnaudit.claims.problems import describe, unknown_key
from attnaudit.claims.schema import Claim
from attnaudit.errors import ClaimError

PACKAGE_DEFAULT = "package default"
"""The source of the claims that are used when neither user nor model brings any."""

_SCHEMA = 1
_LARGEST_FILE = 1_000_000
_CLAIM: TypeAdapter[Claim] = TypeAdapter(Claim)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimSet:
    """The claims of one file.

    Attributes:
        claims: In the order of the file; ids are unique.
        digest: Sha256 of the claims with all defaults filled in, in any order.
        source: Path of the file, or "package default".
    """

    claims: tuple[Claim, ...]
    digest: str
    source: str


def load_claims(path: Path) -> ClaimSet:
    """Read a claims file.

    Args:
        path: A TOML file with `schema = 1` and at least one `[[claim]]`.

    Returns:
        Its claims.

    Raises:
        ClaimError: If the file cannot be read or says something unknown, contradictory or
            impossible. The message names file, claim and key.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise ClaimError(
            f"{path}: the claims file cannot be read: {error.strerror or error}"
        ) from error
    return _read(content, source=str(path))


def default_claims() -> ClaimSet:
    """The claims of the package, for a model that brings none."""
    content = (resources.files("attnaudit") / "default_claims.toml").read_bytes()
    return _read(content, source=PACKAGE_DEFAULT)


def _read(content: bytes, *, source: str) -> ClaimSet:
    tables = _claim_tables(_parse(content, source=source), source=source)
    claims = tuple(
        _claim(table, position=position, source=source)
        for position, table in enumerate(tables, start=1)
    )
    repeated = [name for name, count in Counter(claim.id for claim in claims).items() if count > 1]
    if repeated:
        raise ClaimError(
            f"{source}: more than one claim has id = {repeated[0]!r}; ids must be unique in a file"
        )
    return ClaimSet(claims=claims, digest=_digest(claims), source=source)


def _parse(content: bytes, *, source: str) -> dict[str, object]:
    if len(content) > _LARGEST_FILE:
        raise ClaimError(
            f"{source}: the file is larger than {_LARGEST_FILE:,} bytes; is it a claims file?"
        )
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ClaimError(
            f"{source}: byte {error.start} is not valid UTF-8; save the file as UTF-8"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ClaimError(f"{source}: not valid TOML: {error}") from error


def _claim_tables(content: dict[str, object], *, source: str) -> list[object]:
    for key in content:
        if key not in {"schema", "claim"}:
            raise ClaimError(f"{source}: {unknown_key(key, ['schema', 'claim'])}")
    schema = content.get("schema")
    if type(schema) is not int or schema != _SCHEMA:
        seen = "it is missing" if schema is None else f"it is {schema!r:.100}"
        raise ClaimError(
            f"{source}: the key schema says which form the file has and must be {_SCHEMA}; {seen}"
        )
    tables = content.get("claim")
    if not isinstance(tables, list) or not tables:
        raise ClaimError(f"{source}: there is no claim; each begins with a line `[[claim]]`")
    return tables


def _claim(table: object, *, position: int, source: str) -> Claim:
    try:
        return _CLAIM.validate_python(table)
    except ValidationError as error:
        name = table.get("id") if isinstance(table, dict) else None
        label = f"claim {name!r:.100}" if isinstance(name, str) else f"claim number {position}"
        problems = "; ".join(describe(problem, table) for problem in error.errors())
    raise ClaimError(f"{source}: {label}: {problems}")


def _digest(claims: tuple[Claim, ...]) -> str:
    content = [claim.model_dump(mode="json") for claim in sorted(claims, key=lambda one: one.id)]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
