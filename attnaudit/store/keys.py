"""Names under which measurements are stored: the same inputs give the same key."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest_of(value: Mapping[str, Any]) -> str:
    """Sha256 of the canonical JSON of `value`, in hexadecimal."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
